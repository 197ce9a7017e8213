"use strict";

function kept(name) {
  try { return localStorage.getItem(name) || ""; } catch { return ""; }
}

function keep(name, value) {
  try { localStorage.setItem(name, value); } catch { /* no storage: for this page only */ }
}

// Dark or light.
const root = document.documentElement;
document.querySelector(".theme").addEventListener("click", () => {
  const now = root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
  keep("theme", root.dataset.theme);
});

// A slash goes to the search.
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.querySelector("header [type=search]").focus();
  }
});

// Code can be copied.
for (const code of document.querySelectorAll("main pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "copy";
  button.addEventListener("click", async () => {
    const text = code.querySelector("code").textContent + "\n";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "copied";
    setTimeout(() => { button.textContent = "copy"; }, 1500);
  });
  const box = document.createElement("div");
  box.className = "code";
  code.replaceWith(box);
  box.append(code, button);
}

// The list of contents is closed where it would come first.
const contents = document.querySelector(".contents details");
if (contents && matchMedia("(max-width: 899px)").matches) contents.open = false;

// The reader's ABI.
const choice = document.querySelector("[data-choose-abi]");

function show(abi) {
  for (const row of document.querySelectorAll("[data-abi]")) row.hidden = Boolean(abi) && row.dataset.abi !== abi;
  for (const line of document.querySelectorAll("[data-abi-line]")) {
    line.hidden = !abi;
    line.textContent = abi ? `Only ${abi} is shown. ${choice.selectedOptions[0].dataset.how}` : "";
  }
  for (const value of document.querySelectorAll("[data-values]")) {
    value.dataset.usual ??= value.textContent;
    const own = value.dataset.values.split(" ").find((one) => one.startsWith(`${abi}=`));
    value.textContent = abi && own ? `${own.slice(abi.length + 1)} on ${abi}` : value.dataset.usual;
  }
}

if (choice) {
  choice.value = kept("abi");
  if (choice.selectedIndex < 0) choice.value = "";
  show(choice.value);
  choice.addEventListener("change", () => {
    keep("abi", choice.value);
    show(choice.value);
  });
}

// Names are suggested while one types.
const box = document.querySelector("header [role=search]");
box.addEventListener("submit", (event) => {
  if (!box.q.value.trim()) event.preventDefault();
});
