"""What axe finds wrong with a page, by the rules of WCAG 2.2 AA."""

from axe_playwright_python.base import AXE_SCRIPT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page):
    """Return the rule and the element of each violation, with everything unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    page.evaluate(AXE_SCRIPT)
    # The rows of a list are alike: those that are printed too show as much as all.
    found = page.evaluate(
        "rules => axe.run({exclude: ['tr.on-screen']}, {runOnly: {type: 'tag', values: rules}})",
        RULES,
    )
    assert len(found["passes"]) > 15
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
