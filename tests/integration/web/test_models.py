from pathlib import Path

from tests.integration.web.process import Page, Web


def test_each_role_tells_what_it_can_have_and_how_to_get_what_it_lacks(tmp_path: Path) -> None:
    served = Web(tmp_path / "studio", GRYM_MODELS="auto", GRYM_OLLAMA_URL="http://127.0.0.1:9")
    try:
        served.start()
        with served.client() as client:
            told = client.get("/api/models").json()
    finally:
        served.stop()
    roles = {one["role"]: one for one in told["roles"]}

    assert roles.keys() == {"supervisor", "gama", "qwen_vl", "coder"}
    assert "ollama pull deepseek-r1:14b" in roles["supervisor"]["lacks"]["get"]
    assert any("models.gama.convert" in one for one in roles["gama"]["lacks"]["get"])
    for one in roles.values():
        assert one["models"][-1] == {"model": "instruments", "there": True, "why": "", "get": []}
    assert {one["name"]: one["most"] for one in told["limits"]} == {
        "max_rounds": 4, "max_tasks": 8, "model_seconds": 600,
    }  # fmt: skip


def test_a_turn_may_be_given_less_than_the_settings_allow_and_nothing_absurd(page: Page) -> None:
    run = page.ask("What can you do?", max_rounds=1, max_tasks=1, model_seconds=5)
    ended = page.to_the_end(run)[-1]
    refused = page.http.post(f"{page.thread}/runs", json={"request": "x", "max_rounds": 0})

    assert ended.content == {"exit_code": 0}
    assert refused.status_code == 400 and "max_rounds" in refused.text
