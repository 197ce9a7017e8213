"""What becomes of a call on an ABI, and after a signal.

`fate` decides whether a call is made, made through another one, refused, or absent, from what `refusals` and
`replacements` know; `resolution` shows that. `restart` says which calls are made again after a signal.
"""
