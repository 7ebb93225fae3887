"""Opens pages in a real browser and prints what happened as JSON; run by an environment that has playwright.

Arguments: the browser's program, then the pages.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright  # envcheck: ignore[COV002]

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")


def main(program: str, *pages: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        seen = [seen_in(browser, Path(page), width, scheme) for page in pages for width in WIDTHS for scheme in SCHEMES]
        browser.close()
    sys.stdout.write(json.dumps(seen))


def seen_in(browser: Browser, path: Path, width: int, scheme: Any) -> dict[str, Any]:
    """Return what a page asked for, complained of, and did when it was used by keyboard alone."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    noise: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("dialog", lambda dialog: noise.append(f"dialog {dialog.message}"))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    seen = {
        "page": path.name,
        "width": width,
        "scheme": scheme,
        "scroll width": page.evaluate("document.documentElement.scrollWidth"),
        "background": page.evaluate("getComputedStyle(document.body).backgroundColor"),
        "keyboard": by_keyboard(page) if page.query_selector("#filters") else None,
        "markup": page.evaluate("document.querySelectorAll('img, iframe, object, script, style, link').length"),
    }
    context.close()
    return {**seen, "noise": noise, "requests": [url for url in requests if not url.startswith("file:")]}


def by_keyboard(page: Page) -> dict[str, Any]:
    """Skip to the findings, filter them, and follow a link of the matrix to one that is filtered out."""
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    total = shown(page)
    page.keyboard.press("Tab")
    box = page.evaluate("document.activeElement.value")
    page.keyboard.press("Space")
    without = shown(page)
    hidden = page.evaluate("document.querySelectorAll('.finding[data-severity=error]:not([hidden])').length")
    said = page.inner_text("#shown")
    page.evaluate("location.hash = '#' + document.querySelector('.finding[data-severity=error]').id")
    page.wait_for_timeout(50)
    back = shown(page)
    page.focus("input[type=search]")
    page.keyboard.type("no such text anywhere")
    nothing = shown(page)
    return {"first": first, "box": box, "shown": [total, without, back, nothing], "errors": hidden, "said": said}


def shown(page: Page) -> int:
    """Return how many findings can be seen."""
    return int(page.evaluate("[...document.querySelectorAll('.finding')].filter(one => one.offsetParent).length"))


if __name__ == "__main__":
    main(*sys.argv[1:])
