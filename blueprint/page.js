"use strict";
(() => {
  const index = JSON.parse(document.getElementById("index").textContent);
  const tools = document.getElementById("tools");
  const query = document.getElementById("q");
  const selects = ["topic", "state", "evidence"].map((name) => document.getElementById(name));
  const count = document.getElementById("count");
  const hits = document.getElementById("hits");
  const articles = new Map(index.filter((e) => e.anchor === e.of).map((e) => [e.anchor, e]));

  const bare = (text) =>
    text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").match(/[\p{L}\p{N}]+/gu) || [];
  const found = (entry, words) => {
    const text = " " + entry.words;
    return words.every((word) => text.includes(" " + word));
  };
  const fits = (entry) => {
    const [topic, state, evidence] = selects.map((select) => select.value);
    return (!topic || entry.topic === topic) && (!state || entry.state === state) &&
      (!evidence || entry.evidence.includes(evidence));
  };

  // the names of theorems and claims lead, then the order of the page
  const rank = (entry, words) => (words.every((w) => bare(entry.title).includes(w)) ? 0 : 1);

  function show() {
    const words = bare(query.value);
    const chosen = index.filter((e) => found(e, words) && articles.has(e.of) && fits(articles.get(e.of)));
    const kept = new Set(chosen.map((e) => e.of));
    const active = words.length > 0 || selects.some((select) => select.value);
    for (const anchor of articles.keys()) {
      const article = document.getElementById(anchor);
      article.hidden = active && !kept.has(anchor);
    }
    for (const section of document.querySelectorAll("section.group")) {
      section.hidden = active && !section.querySelector("article:not([hidden])");
    }
    for (const box of document.querySelectorAll("[data-node]")) {
      box.classList.toggle("dim", active && !kept.has(box.dataset.node));
    }
    for (const row of document.querySelectorAll("[data-row]")) {
      row.hidden = active && !kept.has(row.dataset.row);
    }
    document.body.classList.toggle("filtered", active);
    count.textContent = active
      ? (kept.size === 0 ? "Nothing fits." : kept.size + " of " + articles.size + " shown")
      : "";
    hits.replaceChildren();
    hits.hidden = !active || chosen.length === 0;
    if (!hits.hidden) {
      // by filters alone every claim of an article fits: the articles say enough
      const named = words.length ? chosen : chosen.filter((e) => e.anchor === e.of);
      const first = named.map((e, k) => [rank(e, words), k, e]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      for (const [, , entry] of first.slice(0, 8)) {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = "#" + entry.anchor;
        link.textContent = entry.title;
        item.append(link);
        hits.append(item);
      }
    }
  }

  function remember() {
    const kept = new URLSearchParams();
    if (query.value) kept.set("q", query.value);
    for (const select of selects) if (select.value) kept.set(select.id, select.value);
    const text = kept.toString();
    history.replaceState(null, "", text ? "#?" + text : location.pathname + location.search);
  }

  function clear() {
    query.value = "";
    for (const select of selects) select.value = "";
  }

  function open(anchor) {
    const target = document.getElementById(anchor);
    if (!target) return;
    const article = target.closest("article, section");
    if (target.closest("[hidden]") || (article && article.hidden)) {
      clear();
      show();
    }
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  }

  function read() {
    const hash = location.hash;
    if (hash.startsWith("#?")) {
      const given = new URLSearchParams(hash.slice(2));
      query.value = given.get("q") || "";
      for (const select of selects) {
        const value = given.get(select.id) || "";
        select.value = [...select.options].some((o) => o.value === value) ? value : "";
      }
      show();
    } else if (hash.length > 1) {
      open(decodeURIComponent(hash.slice(1)));
    }
  }

  for (const control of [query, ...selects]) {
    control.addEventListener("input", () => { show(); remember(); });
  }
  tools.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = hits.querySelector("a");
    if (first) first.click();
  });
  document.getElementById("clear").addEventListener("click", () => {
    clear(); show(); remember(); query.focus();
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      query.focus();
      query.select();
    } else if (event.key === "Escape" && typing) {
      clear(); show(); remember();
    }
  });
  window.addEventListener("hashchange", read);

  // the graph: what a node rests on, and what rests on it
  const graph = document.querySelector("svg.graph");
  const edges = [...graph.querySelectorAll("path[data-from]")];
  const walk = (one, from, to, seen) => {
    for (const edge of edges) {
      if (edge.dataset[from] === one) {
        edge.classList.add("lit");
        if (!seen.has(edge.dataset[to])) {
          seen.add(edge.dataset[to]);
          walk(edge.dataset[to], from, to, seen);
        }
      }
    }
    return seen;
  };
  for (const box of graph.querySelectorAll("[data-node]")) {
    const light = () => {
      const one = box.dataset.node;
      const near = new Set([one, ...walk(one, "to", "from", new Set()), ...walk(one, "from", "to", new Set())]);
      graph.classList.add("looking");
      for (const other of graph.querySelectorAll("[data-node]")) {
        other.classList.toggle("near", near.has(other.dataset.node));
      }
    };
    const dark = () => {
      graph.classList.remove("looking");
      for (const edge of edges) edge.classList.remove("lit");
    };
    box.addEventListener("mouseenter", light);
    box.addEventListener("focus", light);
    box.addEventListener("mouseleave", dark);
    box.addEventListener("blur", dark);
  }

  // on paper nothing opens: proofs and derivations are printed, instances are not
  const folded = () => document.querySelectorAll("details.proof, details.derivation, details.formal");
  window.addEventListener("beforeprint", () => {
    for (const one of folded()) if (!one.open) { one.open = true; one.dataset.printed = ""; }
  });
  window.addEventListener("afterprint", () => {
    for (const one of document.querySelectorAll("[data-printed]")) {
      one.open = false;
      delete one.dataset.printed;
    }
  });

  tools.hidden = false;
  read();
})();
