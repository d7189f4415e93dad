"""In a browser: pages refuse what is not theirs, and the watch over them notices."""

import pytest

from tests.fixtures.browser import Live

pytestmark = [pytest.mark.browser, pytest.mark.journey]
FOREIGN_SCRIPT = """() => {
  const script = document.createElement("script");
  script.src = "https://elsewhere.example/script.js";
  document.body.append(script);
}"""


def test_a_script_from_elsewhere_is_refused_and_noticed(live: Live) -> None:
    page = live.visit("/demo")
    with page.expect_console_message(lambda message: message.text.startswith("CSP")):
        page.evaluate(FOREIGN_SCRIPT)
    assert any("script-src" in fault for fault in live.watch.faults)
    live.watch.faults.clear()
