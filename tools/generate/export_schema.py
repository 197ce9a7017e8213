"""docs/export.schema.json: what `pysys export` writes, from the types and docstrings of metadata.Page."""

from __future__ import annotations

import json
import types
import typing
from inspect import cleandoc
from pathlib import Path
from typing import Any

from pysys.metadata import exported, model, overviews, profiles
from tools import PROJECT

FILE = PROJECT / "docs/export.schema.json"
SIMPLE = {str: "string", int: "integer", bool: "boolean"}
TEXT = {"type": "string"}
NAMES = {**vars(model), **vars(profiles), "Listing": overviews.Listing}


def texts() -> dict[Path, str]:
    """The file, and what is in it."""
    return {FILE: json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"}


def schema() -> dict[str, Any]:
    """The schema, in draft 7 of JSON Schema."""
    definitions: dict[str, Any] = {}
    page = {name: _property(name, definitions) for name in model.FIELDS}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "The reference of pysys, as `pysys export` writes it",
        **_object(
            {
                "pysys": {**TEXT, "description": "The version of pysys."},
                "kernel": {**TEXT, "description": "The version of Linux whose source the tables come from."},
                "abi": {**TEXT, "description": "The ABI that values of flags are those of; may be empty."},
                "glibc": {**TEXT, "description": "The version of glibc whose functions are named."},
                "pages": _list(_object(page, cleandoc(model.Page.__doc__ or ""))),
                "errnos": _list(_object({"name": TEXT, "meaning": TEXT, "numbers": NUMBERS})),
                "flags": _list(_object({"name": TEXT, "text": TEXT, "members": _list(MEMBER)})),
                "structures": _list(_object({"name": TEXT, "text": TEXT, "fields": _list(FIELD)})),
            },
            cleandoc(exported.__doc__ or ""),
        ),
        "definitions": dict(sorted(definitions.items())),
    }


def _property(name: str, definitions: dict[str, Any]) -> dict[str, Any]:
    found = getattr(model.Page, name, None)
    if not isinstance(found, property):
        return {**TEXT, "description": "The name: of a call, a function, an overview."}
    kind = typing.get_type_hints(found.fget, NAMES)["return"]
    return {"description": cleandoc(found.__doc__ or ""), **_type(kind, definitions)}


def _type(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type as Page.as_dict shows it."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind in SIMPLE:
        return {"type": SIMPLE[kind]}
    if origin is types.UnionType:
        return {"anyOf": [_type(one, definitions) for one in arguments]}
    if kind is type(None):
        return {"type": "null"}
    if origin is dict:
        return {"type": "object", "additionalProperties": _type(arguments[1], definitions)}
    if origin is tuple and arguments[-1] is ...:
        return _list(_type(arguments[0], definitions))
    if origin is tuple:
        items = [_type(one, definitions) for one in arguments]
        return {"type": "array", "items": items, "minItems": len(items), "additionalItems": False}
    if kind.__name__ not in definitions:
        hints = typing.get_type_hints(kind, NAMES)
        fields = {name: _type(hints[name], definitions) for name in kind._fields}
        definitions[kind.__name__] = _object(fields, cleandoc(kind.__doc__ or ""))
    return {"$ref": f"#/definitions/{kind.__name__}"}


def _object(properties: dict[str, Any], description: str = "") -> dict[str, Any]:
    return {
        **({"description": description} if description else {}),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


NUMBERS = {
    "description": "By table: generic, the architectures that differ from it, internal.",
    "type": "object",
    "additionalProperties": {"type": "integer"},
}
MEMBER = _object({"name": TEXT, "value": {"type": "integer"}, "text": TEXT})
FIELD = _object({"name": TEXT, "text": TEXT})
