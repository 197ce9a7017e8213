"use strict";

// Names first, of the list that is always there; then pages with the words, where Pagefind can be loaded
// (not from file://).
const form = document.querySelector("[data-search]");
const status = document.querySelector("[data-status]");
const MOST = 30;
let pagefind = null;
let turn = 0;

function key(version) {
  return version.split(".").reduce((sum, part) => sum * 1000 + Number(part), 0) * (version.split(".").length < 3 ? 1000 : 1);
}

function entry(address, title, kind, html) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = address;
  link.textContent = title;
  const about = document.createElement("small");
  about.textContent = kind;
  const text = document.createElement("p");
  text.innerHTML = html;
  item.append(link, " ", about, text);
  return item;
}

function byName(words, kind) {
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (!asked.length) return [];
  const found = [];
  for (const [name, sort, address, text] of window.NAMES) {
    if (kind && sort !== kind) continue;
    const low = name.toLowerCase();
    const all = `${low} ${text.toLowerCase()}`;
    if (!asked.every((word) => all.includes(word))) continue;
    const rank = low === asked.join(" ") ? 0 : low.startsWith(asked[0]) ? 1 : low.includes(asked[0]) ? 2 : 3;
    found.push([rank, name.length, name, sort, address, text]);
  }
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1));
}

function options(select, values) {
  for (const value of values) select.append(new Option(value, value));
}

async function start() {
  if (location.protocol !== "file:") {
    try {
      pagefind = await import("./pagefind/pagefind.js");
      await pagefind.init();
      const known = await pagefind.filters();
      options(form.topic, Object.keys(known.topic || {}).sort());
      options(form.since, Object.keys(known.since || {}).sort((a, b) => key(b) - key(a)));
    } catch {
      pagefind = null;
    }
  }
  options(form.kind, [...new Set(window.NAMES.map((one) => one[1]))].sort());
  if (!pagefind) for (const select of [form.topic, form.since]) select.closest("label").hidden = true;
  form.q.value = new URLSearchParams(location.search).get("q") || "";
  await run();
}

async function run() {
  const mine = ++turn;
  const words = form.q.value.trim();
  const names = form.topic.value || form.since.value ? [] : byName(words, form.kind.value);
  document.querySelector("[data-names]").replaceChildren(
    ...names.slice(0, MOST).map(([, , name, kind, address, text]) => entry(address, name, kind, text)));
  let count = names.length;
  let pages = [];
  if (pagefind && (words || form.topic.value || form.since.value || form.kind.value)) {
    const filters = {};
    if (form.topic.value) filters.topic = form.topic.value;
    if (form.kind.value) filters.kind = form.kind.value;
    if (form.since.value) {
      const low = key(form.since.value);
      filters.since = { any: [...form.since.options].map((one) => one.value).filter((one) => one && key(one) >= low) };
    }
    const answer = await pagefind.search(words || null, { filters });
    pages = await Promise.all(answer.results.slice(0, MOST).map((one) => one.data()));
    count += answer.results.length;
  }
  if (mine !== turn) return;
  document.querySelector("[data-pages]").replaceChildren(
    ...pages.map((one) => {
      const best = words && one.sub_results?.find((part) => part.anchor);
      return entry(best ? best.url : one.url, best ? `${one.meta.title}: ${best.title}` : one.meta.title,
        (one.filters.kind || []).join(), best ? best.excerpt : one.excerpt);
    }));
  const where = pagefind ? "" : " (names only: the text of pages is searched where a server gives them)";
  status.textContent = words || count ? `${count} found${where}` : "";
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", run);
start();
