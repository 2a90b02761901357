// Runs in the page: what a citizen sees there now, in numbers. Returns plain data for measuring.py.
() => {
  const shown = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true })) return false;
    if (element.closest('.visually-hidden, [inert], [aria-hidden="true"]')) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1;
  };
  const name = (element) => (element.getAttribute("aria-label") || element.innerText || element.id || element.name || element.tagName).trim().replace(/\s+/g, " ").slice(0, 24);

  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1,
  });
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.a > 0) layers.push(colour);
      if (colour.a === 1) break;
    }
    return layers.reduceRight((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 });
  };
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (element, style) => {
    const under = ground(element);
    const [a, b] = [light(over(parse(style.color), under)), light(under)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };

  const holders = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.data.trim() && !["SCRIPT", "TEMPLATE", "STYLE"].includes(node.parentElement.tagName)) holders.add(node.parentElement);
  }
  document.querySelectorAll("input, textarea, select").forEach((input) => holders.add(input));
  const texts = [...holders].filter(shown).filter((element) => !element.disabled && element.type !== "hidden").map((element) => {
    const style = getComputedStyle(element);
    const px = parseFloat(style.fontSize);
    const icon = element.closest("svg, .brand-mark, .glyph, .dots") !== null;
    return {
      where: name(element), points: px * 0.75, leading: style.lineHeight === "normal" ? 1.2 : parseFloat(style.lineHeight) / px, icon,
      contrast: contrast(element, style), large: px >= 24 || (px >= 18.66 && Number(style.fontWeight) >= 700),
      sans: /sans-serif$/.test(style.fontFamily) || /mono/.test(style.fontFamily),
    };
  });

  const inProse = (element) => element.matches("a") && element.closest("p, li, dd") && getComputedStyle(element).display === "inline" && !element.classList.length;
  const targets = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [role="option"], [tabindex="0"]')]
    .filter(shown)
    .filter((element) => element.type !== "hidden" && !element.disabled && !element.matches('.skip, [role="region"], pre') && !element.closest("[hidden]"))
    .map((element) => {
      // A round or square box is pressed anywhere on the row that it stands in.
      const pressed = element.matches('[type="radio"], [type="checkbox"]') ? element.closest("label") ?? element : element;
      const { width, height } = pressed.getBoundingClientRect();
      return { where: name(element), width, height, prose: inProse(element), kind: element.tagName };
    });

  const paragraphs = [...document.querySelectorAll(".prose > p + p, .markdown > p + *, .page p + p")].filter(shown).map((second) => {
    const first = second.previousElementSibling;
    const gap = second.getBoundingClientRect().top - first.getBoundingClientRect().bottom;
    return { where: name(second), ratio: gap / parseFloat(getComputedStyle(first).lineHeight) };
  });

  const groups = [...document.querySelectorAll(".options, .chips, .actions, .suggestions")].filter(shown)
    .map((group) => [...group.children].filter((child) => shown(child) && !child.matches(".more-choices, [data-always]")).length);

  const columns = [...document.querySelectorAll(".matter-tiles, .options, .actions, .chips, .comfort")].filter(shown).map((list) =>
    new Set([...list.children].filter(shown).map((child) => Math.round(child.getBoundingClientRect().left))).size);

  return {
    texts, targets, paragraphs,
    choices: Math.max(0, ...groups),
    columns: Math.max(0, ...columns),
    overflow: Math.max(document.documentElement.scrollWidth - innerWidth,
      ...[...document.querySelectorAll("#scroll, main, .card, .bubble, .button, .matter-tile, .topbar")].filter(shown).map((box) => box.scrollWidth - box.clientWidth - 2)),
    cursor: getComputedStyle(document.body).cursor,
    human: [...document.querySelectorAll("button, a")].some((element) => shown(element) && /人工/.test(element.textContent)),
    dialogs: document.querySelectorAll('dialog, [role="dialog"], [role="alertdialog"], [popover]').length,
    captcha: [...document.querySelectorAll("input, img, canvas")].filter((e) => /captcha|验证码/.test(`${e.name} ${e.alt} ${e.placeholder} ${e.id}`)).length,
    entry: [...document.querySelectorAll("button, a, h2")].some((element) => shown(element) && /长辈版/.test(element.textContent)),
    zoomable: !/user-scalable\s*=\s*no|maximum-scale/.test(document.querySelector("meta[name=viewport]")?.content ?? "no-viewport user-scalable=no"),
    gestures: globalThis.__gestures ?? [],
    popups: globalThis.__popups ?? [],
  };
}
