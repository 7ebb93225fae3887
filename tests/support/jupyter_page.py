"""JupyterLab in a real browser: run by a Python that has playwright, it prints what was seen as JSON.

Usage: ``python jupyter_page.py CHROMIUM URL TOKEN NOTEBOOK FOLDER [notebook]``; the pictures are put into FOLDER.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright  # envcheck: ignore[COV002] it is installed by the test

PATIENCE = 30_000
BUTTON = ".envcheck-status"
SUMMARY = "#envcheck-panel .envcheck-summary"


def look(page: Page, folder: Path) -> dict[str, Any]:
    """Go through what a person does, and return what was there to be seen."""
    seen: dict[str, Any] = {}
    page.wait_for_selector(f"{BUTTON}[data-state='drifted']", timeout=PATIENCE)
    seen["at first"] = page.inner_text(BUTTON)
    seen["label"] = page.get_attribute(BUTTON, "aria-label")
    seen["role"] = page.evaluate(f"document.querySelector('{BUTTON}').closest('[role=status]') !== null")
    page.focus(BUTTON)
    seen["outline"] = focus_outline(page)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{SUMMARY}[data-state='drifted']", timeout=PATIENCE)
    page.wait_for_timeout(700)
    seen["rows"] = page.eval_on_selector_all("#envcheck-panel tbody tr", "rows => rows.map(row => row.innerText)")
    seen["focus in the panel"] = page.evaluate("document.activeElement.textContent")
    page.screenshot(path=str(folder / "drifted-light.png"))
    seen["copied"] = copied(page)
    dark(page)
    page.screenshot(path=str(folder / "drifted-dark.png"))
    seen["contrast"] = contrast(page)
    page.focus("#envcheck-panel button")
    page.keyboard.press("Enter")  # Stamp
    page.wait_for_selector(f"{BUTTON}[data-state='ok']", timeout=PATIENCE)
    page.wait_for_timeout(700)
    seen["after stamping"] = page.inner_text(BUTTON)
    page.screenshot(path=str(folder / "ok-dark.png"))
    seen["dialogs"] = page.locator(".jp-Dialog").count()
    return seen


def focus_outline(page: Page) -> str:
    """Return how the focused button is outlined once the keyboard has moved."""
    page.keyboard.press("Shift")
    return str(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))


def copied(page: Page) -> str:
    """Return what the command puts on the clipboard."""
    page.evaluate("window.jupyterapp.commands.execute('envcheck:copy-pins')")
    page.wait_for_timeout(300)
    return str(page.evaluate("navigator.clipboard.readText()"))


def dark(page: Page) -> None:
    """Change to the dark theme."""
    page.evaluate("window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    page.wait_for_selector("body[data-jp-theme-light='false']", state="attached", timeout=PATIENCE)
    page.wait_for_timeout(500)


def contrast(page: Page) -> float:
    """Return the contrast (WCAG 2) between the text of the panel and what is behind it."""
    return float(
        page.evaluate(
            """() => {
  const numbers = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = rgb => rgb.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const style = getComputedStyle(document.querySelector('#envcheck-panel'));
  const [a, b] = [light(numbers(style.color)), light(numbers(style.backgroundColor))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""
        )
    )


def main() -> None:
    """Open the notebook and look."""
    chromium, url, token, notebook, folder = sys.argv[1:6]
    is_lab = sys.argv[6:] != ["notebook"]
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{url}/{'lab/tree' if is_lab else 'notebooks'}/{notebook}?token={token}")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=2 * PATIENCE)
        seen = look(page, Path(folder))
        browser.close()
    print(json.dumps({**seen, "errors": errors}))  # noqa: T201


if __name__ == "__main__":
    main()
