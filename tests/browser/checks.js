// What a page owes everybody who reads it: WCAG 2.2 AA, as far as a program sees it. Gives a list
// of sentences, one for each fault; an empty one is a good page.
(() => {
  const faults = [];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const named = (el) => `<${el.tagName.toLowerCase()}${el.id ? "#" + el.id : ""}${el.name ? " name=" + el.name : ""}> ${(el.textContent || "").trim().slice(0, 40)}`;
  const fault = (rule, el) => faults.push(el ? `${rule}: ${named(el)}` : rule);
  const shown = (el) => el.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const text = (el) => (el ? (el.textContent || "").trim() : "");

  // the page
  if (!document.title.trim()) fault("no title");
  if (!/^(en|fr)$/.test(document.documentElement.lang)) fault("no language");
  if (all("main").length !== 1) fault("not one main");
  if (all("h1").filter(shown).length !== 1) fault("not one h1");
  if (!document.querySelector('meta[name=viewport]')) fault("no viewport");
  let level = 0;
  for (const h of all("h1, h2, h3, h4, h5, h6").filter(shown)) {
    const here = Number(h.tagName[1]);
    if (here > level + 1) fault("heading skips a level", h);
    if (!text(h)) fault("empty heading", h);
    level = here;
  }
  const navs = all("nav").filter(shown);
  if (navs.length > 1) navs.filter((n) => !n.getAttribute("aria-label")).forEach((n) => fault("nav without a name", n));
  const ids = all("[id]").map((el) => el.id);
  new Set(ids.filter((id, i) => ids.indexOf(id) !== i)).forEach((id) => fault(`id twice: ${id}`));
  for (const el of all("*")) {
    for (const name of ["aria-describedby", "aria-labelledby", "list", "form", "for"]) {
      if (!el.hasAttribute(name) || (name === "for" && el.tagName !== "LABEL")) continue;
      for (const id of el.getAttribute(name).split(/\s+/)) {
        if (!document.getElementById(id)) fault(`${name} leads nowhere: ${id}`, el);
      }
    }
    if (el.hasAttribute("style")) fault("inline style", el);
    if (el.getAttributeNames().some((a) => a.startsWith("on"))) fault("inline script", el);
    if (el.tabIndex > 0) fault("tabindex over 0", el);
  }
  all("style, script:not([src])").forEach((el) => fault("inline element", el));
  all("[src], link[href]").forEach((el) => {
    if (new URL(el.src || el.href).origin !== location.origin) fault("from elsewhere", el);
  });

  // names
  const label = (el) => [
    el.getAttribute("aria-label"), text(el), el.value && el.type === "submit" ? el.value : "",
    ...(el.labels ? [...el.labels].map(text) : []), el.getAttribute("alt"), text(el.querySelector("img[alt], svg title")),
    ...(el.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean).map((id) => text(document.getElementById(id))),
  ].find((one) => one && one.trim());
  const fields = all("input:not([type=hidden]), select, textarea").filter(shown);
  for (const el of fields) {
    const told = [el.getAttribute("aria-label"), ...[...el.labels].map(text)].find(Boolean);
    if (!told) fault("field without a label", el);
    if (el.getAttribute("aria-invalid") === "true" && !el.getAttribute("aria-describedby")) fault("wrong field says nothing", el);
    if (["password", "email"].includes(el.type) && !el.autocomplete) fault("no autocomplete", el);
  }
  all("a[href], button, summary").filter(shown).forEach((el) => { if (!label(el)) fault("nothing to say", el); });
  all("img").forEach((el) => { if (!el.hasAttribute("alt")) fault("img without alt", el); });
  all("svg[role=img], svg:not([aria-hidden])").filter(shown).forEach((el) => { if (!el.querySelector("title")) fault("svg without title", el); });
  all("fieldset").filter(shown).forEach((el) => { if (!text(el.querySelector("legend"))) fault("fieldset without legend", el); });
  all("table").filter(shown).forEach((el) => { if (!el.querySelector("th[scope]")) fault("table without headers", el); });
  all("ul, ol").forEach((el) => [...el.children].forEach((c) => { if (!["LI", "SCRIPT", "TEMPLATE"].includes(c.tagName)) fault("no list item", c); }));
  all("dl").forEach((el) => [...el.children].forEach((c) => { if (!["DIV", "DT", "DD"].includes(c.tagName)) fault("no term", c); }));

  // contrast
  const rgb = (color) => { const n = color.match(/[\d.]+/g).map(Number); return { r: n[0], g: n[1], b: n[2], a: n.length > 3 ? n[3] : 1 }; };
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a),
    b: top.b * top.a + under.b * (1 - top.a), a: 1,
  });
  const behind = (el) => {
    const layers = [];
    for (let at = el; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      layers.push(color);
      if (color.a === 1) break;
    }
    const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? { r: 18, g: 18, b: 18, a: 1 } : { r: 255, g: 255, b: 255, a: 1 };
    return layers.reverse().reduce((under, top) => over(top, under), canvas);
  };
  const light = (c) => [c.r, c.g, c.b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (one, two) => { const [a, b] = [light(one), light(two)].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const el = node.parentElement;
    if (!node.data.trim() || seen.has(el) || !shown(el) || el.closest("svg, option, datalist")) continue;
    seen.add(el);
    const style = getComputedStyle(el);
    const px = parseFloat(style.fontSize);
    const large = px >= 24 || (px >= 18.66 && Number(style.fontWeight) >= 700);
    const ground = behind(el);
    const found = ratio(over(rgb(style.color), ground), ground);
    if (found < (large ? 3 : 4.5)) fault(`contrast ${found.toFixed(2)}`, el);
  }
  for (const el of fields) {
    const ground = behind(el);
    const inks = [getComputedStyle(el).color];
    if (el.placeholder) inks.push(getComputedStyle(el, "::placeholder").color);
    for (const ink of inks) {
      const found = ratio(over(rgb(ink), ground), ground);
      if (found < 4.5) fault(`contrast ${found.toFixed(2)} of what is typed`, el);
    }
    const style = getComputedStyle(el);
    if (el.closest(".search") || ["checkbox", "radio"].includes(el.type)) continue;
    const around = behind(el.parentElement);
    if (ratio(rgb(style.borderTopColor), around) < 3 && ratio(behind(el), around) < 3) fault("a field's edge is too faint", el);
  }

  // touch: 24 px (2.5.8), but for links within a text
  for (const el of all("a[href], button, summary, select, input:not([type=hidden])").filter(shown)) {
    const box = el.getBoundingClientRect();
    const inText = el.tagName === "A" && getComputedStyle(el).display === "inline" && text(el.parentElement) !== text(el);
    if (inText || box.bottom < 0 || box.right < 0) continue;
    if (box.width < 23.9 || box.height < 23.9) fault(`target ${Math.round(box.width)}×${Math.round(box.height)}`, el);
  }
  // focus
  for (const el of all("a[href], button, summary, select, input:not([type=hidden])").filter(shown)) {
    if (el.disabled) continue;
    el.focus({ preventScroll: true });
    const style = getComputedStyle(el);
    if (document.activeElement !== el) fault("takes no focus", el);
    else if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) fault("focus is not seen", el);
  }
  document.activeElement.blur();
  for (const el of all("body *").filter(shown)) {
    const scrolls = /auto|scroll/.test(getComputedStyle(el).overflowX) && el.scrollWidth > el.clientWidth;
    if (scrolls && el.tabIndex < 0) fault("scrolls, but not by keyboard", el);
  }
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const wide = all("body *").filter((el) => shown(el) && el.getBoundingClientRect().right > width + 1).at(-1);
    fault(`wider than ${width}`, wide);
  }
  return faults;
})()
