// Shows /openapi.json as a page: searchable, in two languages, light and dark, with a form that calls the gateway.
"use strict";

const TEXTS = {
  en: {
    api: "API", search: "Search methods, fields and reasons", contents: "Contents", language: "中文",
    languageLabel: "切换到中文", toDark: "Dark", toLight: "Light", introduction: "Introduction", backOffice: "Back office",
    reasons: "Reasons of every method", types: "Types", request: "Request", response: "Response", errors: "Errors",
    field: "Field", type: "Type", meaning: "Meaning", reason: "Reason", status: "Status", tryIt: "Try it", send: "Send",
    newId: "New request id", noOwn: "None of its own; see “Reasons of every method”.", stream: "A stream: use a client of gRPC or Connect.",
    found: (n) => `${n} found`, unreachable: "No answer", sending: "Sending…", notJSON: "The request is no JSON",
    pos: "Tills", app: "Apps", members: "Members", loyalty: "Points", campaigns: "Coupons", feedback: "Feedback",
  },
  zh: {
    api: "接口文档", search: "搜索方法、字段与错误原因", contents: "目录", language: "English",
    languageLabel: "Switch to English", toDark: "深色", toLight: "浅色", introduction: "简介", backOffice: "后台",
    reasons: "所有方法共有的错误原因", types: "类型", request: "请求", response: "响应", errors: "错误",
    field: "字段", type: "类型", meaning: "含义", reason: "原因", status: "状态", tryIt: "试一试", send: "发送",
    newId: "新的请求编号", noOwn: "没有特有的错误，见“所有方法共有的错误原因”。", stream: "这是流式方法，请使用 gRPC 或 Connect 客户端。",
    found: (n) => `找到 ${n} 项`, unreachable: "没有响应", sending: "发送中…", notJSON: "请求不是合法的 JSON",
    pos: "收银台", app: "会员端", members: "会员", loyalty: "积分", campaigns: "优惠券", feedback: "反馈",
  },
};

const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const store = (name, value) => { try { localStorage.setItem(name, value); } catch { /* Not remembered then. */ } };
const state = {
  language: stored("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en"),
  theme: stored("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"),
  api: null,
};
const text = (key) => TEXTS[state.language][key];

/** Makes an element; texts are never read as HTML. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** An element whose text follows the language. */
const labelled = (name, key, attributes = {}) => element(name, { ...attributes, "data-text": key }, text(key));

/** Turns the little Markdown of the document into elements: paragraphs, lists, `code` and **bold**. */
function prose(markdown) {
  const inline = (line) => line.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) =>
    part.startsWith("`") && part.length > 2 ? element("code", {}, part.slice(1, -1))
      : part.startsWith("**") ? element("strong", {}, part.slice(2, -2)) : part);
  const blocks = document.createDocumentFragment();
  for (const paragraph of (markdown ?? "").split("\n\n")) {
    const lines = paragraph.split("\n");
    if (lines.every((line) => line.startsWith("- "))) {
      blocks.append(element("ul", {}, ...lines.map((line) => element("li", {}, ...inline(line.slice(2))))));
    } else if (paragraph) {
      blocks.append(element("p", {}, ...inline(lines.join(" "))));
    }
  }
  return blocks;
}

const nameOf = (reference) => reference.split("/").pop();

/** Says what type a schema has; messages and enums are links. */
function typeOf(schema) {
  if (schema.$ref) return element("a", { href: `#type-${nameOf(schema.$ref)}` }, nameOf(schema.$ref).split(".").pop());
  if (schema.type === "array") return element("span", {}, "[ ", typeOf(schema.items), " ]");
  if (schema.type === "object" && schema.additionalProperties) return element("span", {}, "{ … : ", typeOf(schema.additionalProperties), " }");
  return element("span", {}, schema.format ? `${schema.type} (${schema.format})` : schema.type ?? "");
}

function fieldTable(schema) {
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => element("tr", {},
    element("td", {}, element("code", {}, name)), element("td", {}, typeOf(field)), element("td", {}, prose(field.description))));
  if (rows.length === 0) return "";
  return element("table", {}, element("thead", {}, element("tr", {}, labelled("th", "field"), labelled("th", "type"), labelled("th", "meaning"))),
    element("tbody", {}, ...rows));
}

function reasonTable(reasons) {
  return element("table", { class: "errors" },
    element("thead", {}, element("tr", {}, labelled("th", "reason"), labelled("th", "status"), labelled("th", "meaning"))),
    element("tbody", {}, ...reasons.map((error) => element("tr", {}, element("td", {}, element("code", {}, error.reason)),
      element("td", {}, error.httpStatus ? `${error.httpStatus} ${error.code}` : ""), element("td", {}, prose(error.description))))));
}

const resolve = (schema) => schema.$ref ? state.api.components.schemas[nameOf(schema.$ref)] : schema;

/** A UUIDv7 of now. */
function newRequestId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let at = 5; at >= 0; at -= 1) { bytes[at] = time % 256; time = Math.floor(time / 256); }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The form that makes a call. */
function tryForm(path, example) {
  const form = element("details", { class: "try" }, labelled("summary", "tryIt"));
  const body = { ...example };
  if ("requestId" in body) body.requestId = newRequestId();
  const rows = Math.min(24, JSON.stringify(body, null, 2).split("\n").length + 1);
  const input = element("textarea", { rows, spellcheck: "false", "data-label": "request", "aria-label": text("request") });
  input.value = JSON.stringify(body, null, 2);
  const outcome = element("p", { class: "outcome", role: "status" });
  const answer = element("pre", { class: "answer", tabindex: "0", hidden: "" });
  const send = labelled("button", "send", { type: "button", class: "send" });
  const fresh = labelled("button", "newId", { type: "button", class: "fresh" });
  fresh.hidden = !("requestId" in body);
  fresh.addEventListener("click", () => {
    try { input.value = JSON.stringify({ ...JSON.parse(input.value), requestId: newRequestId() }, null, 2); } catch { say("notJSON"); }
  });
  function say(key) { outcome.className = "outcome bad"; outcome.textContent = text(key); answer.hidden = true; }
  send.addEventListener("click", async () => {
    try { JSON.parse(input.value); } catch { return say("notJSON"); }
    send.disabled = true;
    outcome.className = "outcome";
    outcome.textContent = text("sending");
    try {
      const response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: input.value });
      const received = await response.text();
      let shown = received;
      let reason = "";
      try {
        const json = JSON.parse(received);
        shown = JSON.stringify(json, null, 2);
        reason = (json.details ?? []).map((detail) => detail.debug?.reason).find(Boolean) ?? json.code ?? "";
      } catch { /* Shown as it came. */ }
      outcome.className = response.ok ? "outcome good" : "outcome bad";
      outcome.textContent = response.ok ? `${response.status}` : `${response.status} ${reason}`;
      answer.textContent = shown;
      answer.hidden = false;
    } catch { say("unreachable"); } finally { send.disabled = false; }
  });
  form.append(input, element("p", {}, send, " ", fresh), outcome, answer);
  return form;
}

function methodArticle(path, operation) {
  const [type, request] = Object.entries(operation.requestBody.content)[0];
  const response = Object.values(operation.responses["200"].content)[0];
  const errors = operation["x-patron-errors"];
  const article = element("article", { id: `method-${operation.operationId}`, class: "method" },
    element("h3", {}, path.split("/").pop()), element("div", { class: "path" }, `POST ${path}`), prose(operation.description));
  for (const [key, content] of [["request", request], ["response", response]]) {
    article.append(element("details", {}, labelled("summary", key), element("p", {}, typeOf(content.schema)), fieldTable(resolve(content.schema)),
      element("pre", { tabindex: "0" }, JSON.stringify(content.example, null, 2))));
  }
  article.append(element("details", {}, labelled("summary", "errors"), errors.length ? reasonTable(errors) : labelled("p", "noOwn")));
  article.append(type === "application/json" ? tryForm(path, request.example) : labelled("p", "stream"));
  return article;
}

function typeArticle(name, schema) {
  const article = element("article", { id: `type-${name}`, class: "type" }, element("h3", {}, schema.title ?? name),
    element("div", { class: "path" }, name), prose(schema.description), fieldTable(schema));
  return article;
}

function show(api) {
  const contents = document.getElementById("contents");
  const methods = document.getElementById("methods");
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    const service = path.split("/")[1];
    if (!groups.has(service)) groups.set(service, []);
    groups.get(service).push([path, item.post]);
  }
  document.getElementById("introduction").append(labelled("h2", "introduction"), prose(api.info.description));
  for (const [service, operations] of groups) {
    const isOffice = operations[0][1].tags.includes("back office");
    const area = service.split(".")[1];
    const title = () => element("h2", {}, area in TEXTS.en ? labelled("span", area) : area, ` ${service.split(".").pop()}`);
    const [link, heading] = [title(), title()];
    if (isOffice) for (const place of [link, heading]) place.append(" · ", labelled("span", "backOffice"));
    contents.append(link, ...operations.map(([path, operation]) =>
      element("a", { href: `#method-${operation.operationId}` }, path.split("/").pop())));
    const about = api.tags.find((tag) => tag.name === (isOffice ? "back office" : service));
    methods.append(element("section", { class: "service" }, heading, prose(about?.description),
      ...operations.map(([path, operation]) => methodArticle(path, operation))));
  }
  document.getElementById("reasons").append(labelled("h2", "reasons"), reasonTable(api.components["x-patron-errors"]));
  document.getElementById("types").append(labelled("h2", "types"),
    ...Object.entries(api.components.schemas).map(([name, schema]) => typeArticle(name, schema)));
}

/** Hides what does not have all of the words. */
function search() {
  const words = document.getElementById("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const article of document.querySelectorAll("article")) {
    const searched = article.searched ??= article.textContent.toLowerCase();
    article.hidden = !words.every((word) => searched.includes(word));
    if (!article.hidden) count += 1;
  }
  for (const service of document.querySelectorAll(".service")) service.hidden = !service.querySelector("article:not([hidden])");
  for (const link of document.querySelectorAll("nav a")) link.hidden = document.getElementById(link.hash.slice(1))?.hidden ?? false;
  for (const id of ["introduction", "reasons"]) document.getElementById(id).hidden = words.length > 0;
  document.getElementById("found").textContent = words.length ? text("found")(count) : "";
}

/** Brings all headings into the language, and the page into its colours. */
function translate() {
  document.documentElement.lang = state.language === "zh" ? "zh-CN" : "en";
  document.documentElement.dataset.theme = state.theme;
  for (const place of document.querySelectorAll("[data-text]")) {
    const key = place.dataset.text;
    place.textContent = key === "theme" ? text(state.theme === "dark" ? "toLight" : "toDark") : text(key);
  }
  for (const place of document.querySelectorAll("[data-label]")) {
    place.setAttribute("aria-label", text(place.dataset.label));
    if (place.id === "search") place.placeholder = text("search");
  }
}

document.getElementById("search").addEventListener("input", search);
document.getElementById("language").addEventListener("click", () => {
  state.language = state.language === "zh" ? "en" : "zh";
  store("language", state.language);
  translate();
  search();
});
document.getElementById("theme").addEventListener("click", () => {
  state.theme = state.theme === "dark" ? "light" : "dark";
  store("theme", state.theme);
  translate();
});

translate();
fetch("/openapi.json").then((response) => response.json()).then((api) => {
  state.api = api;
  show(api);
  translate();
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  document.body.dataset.ready = "yes";
}).catch((error) => { document.getElementById("introduction").textContent = String(error); });
