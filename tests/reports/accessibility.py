"""What axe finds wrong with a page, by the rules of WCAG 2.2 AA."""

from axe_playwright_python.base import AXE_SCRIPT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

#: Mark one element of each look: text that has the same colour, size and weight, on the same
#: grounds, has the same contrast.
MARK_LOOKS = """() => {
  const ground = (style) => [style.backgroundColor, style.backgroundImage, style.opacity];
  const grounds = new Map([[null, 0]]), known = new Map(), seen = new Set();
  const behind = (element) => {
    if (!grounds.has(element)) {
      const own = ground(getComputedStyle(element));
      const look = JSON.stringify([own, behind(element.parentElement)]);
      if (!known.has(look)) known.set(look, known.size + 1);
      grounds.set(element, known.get(look));
    }
    return grounds.get(element);
  };
  for (const element of document.body.querySelectorAll("*")) {
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    if (!texts.some((text) => text.data.trim()) || !element.checkVisibility()) continue;
    const { color, fontSize, fontWeight, position } = getComputedStyle(element);
    const look = JSON.stringify([color, fontSize, fontWeight, position, behind(element)]);
    if (!seen.has(look)) element.dataset.look = seen.add(look).size;
  }
  return seen.size;
}"""

RUN = """async ([tags, contrastOfAll]) => {
  const runOnly = { type: "tag", values: tags }, contrast = { enabled: contrastOfAll };
  const all = { exclude: ["tr.on-screen"] };
  const found = [await axe.run(all, { runOnly, rules: { "color-contrast": contrast } })];
  if (!contrastOfAll) {
    const looks = { include: ["[data-look]"], exclude: ["tr.on-screen"] };
    found.push(await axe.run(looks, { runOnly: ["color-contrast"] }));
  }
  return found.map(({ passes, violations }) => ({
    passes: passes.map((one) => [one.id, one.nodes.length]),
    violations: violations.map((one) => [one.id, one.nodes[0].html]),
  }));
}"""


def violations(page, *, contrast_of_all=False):
    """Return the rule and the element of each violation, with everything unfolded.

    The rows of a list are alike: those that are printed too show as much as all. To work out the
    contrast of each text takes four fifths of the time; one of each look shows as much.
    """
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    looks = page.evaluate(MARK_LOOKS)
    page.evaluate(AXE_SCRIPT)
    results = page.evaluate(RUN, [RULES, contrast_of_all])
    passed = [rule for one in results for rule in one["passes"]]
    failed = [rule for one in results for rule in one["violations"]]
    assert len(passed) > 15
    tried = sum(nodes for rule, nodes in passed if rule == "color-contrast")
    assert tried > looks / 2, f"the contrast of {tried} texts was tried, of {looks} looks"
    return [tuple(one) for one in failed]
