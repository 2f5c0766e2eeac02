import re
from pathlib import Path
from zipfile import ZipFile

from playwright.sync_api import expect

from tests.integration.page.conftest import Opened

MASTER = "Master it to -14 LUFS with a true peak below -1 dBTP"


def test_a_dropped_sound_is_mastered_heard_and_compared(opened: Opened, take: Path) -> None:
    window = opened()
    window.drop(take)
    window.ask(MASTER)
    window.ended()
    tab = window.tab

    expect(window.last.locator(".request")).to_contain_text(MASTER)
    expect(window.last.locator(".prose")).to_contain_text("-14 LUFS")
    window.last.get_by_text(re.compile("task done")).click()
    expect(window.last.get_by_role("list", name="Plan")).to_contain_text("done")
    expect(window.last.locator(".slices")).to_contain_text("tokens")
    with tab.expect_download() as taken:
        window.button("All results").click()
    assert {"take-master.wav", "take-master.py"} <= {*ZipFile(taken.value.path()).namelist()}

    window.last.get_by_role("button", name="take-master.wav", exact=True).click()
    expect(tab.get_by_role("region", name="Waveform").locator("canvas").first).to_be_visible()
    expect(tab.get_by_role("img", name=re.compile("Spectrogram, 0:00"))).to_be_visible()
    expect(tab.get_by_label("Version A")).to_have_value(re.compile("[0-9a-f]{64}"))
    window.button("Match and compare").click()
    sides = tab.get_by_role("group", name=re.compile("Which is heard"))
    expect(sides.get_by_role("button", name=re.compile("A .*LUFS"))).to_have_attribute(
        "aria-pressed", "true"
    )
    tab.get_by_label("Position in the comparison").fill("0.5")
    window.button("Play the comparison").click()
    sides.get_by_role("button", name=re.compile("B .*LUFS")).click()
    expect(sides.get_by_role("button", name=re.compile("B "))).to_have_attribute(
        "aria-pressed", "true"
    )

    tab.get_by_role("tab", name="Figures").click()
    figure = tab.get_by_role("tabpanel").locator("li", has_text="Integrated loudness")
    expect(figure).to_contain_text("−14 LUFS")
    expect(figure.get_by_text("BS.1770-4")).not_to_be_visible()
    figure.locator("summary").click()
    expect(figure.get_by_text("BS.1770-4")).to_be_visible()
    tab.get_by_role("tab", name="History").click()
    expect(tab.get_by_role("tabpanel")).to_contain_text(MASTER)
