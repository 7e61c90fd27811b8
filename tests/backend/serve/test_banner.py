"""The banner tells where to go and, in the demo, how to sign in."""

from backend.serve.banner import banner
from backend.serve.options import Options


def test_the_banner_names_every_door_with_the_chosen_port() -> None:
    text = banner(Options(True, "127.0.0.1", 8123, None), [("监察员", "示例甲", "insp1", "demo")])
    for path in ("/ ", "/desk/", "/api/v1/", "/openapi.json", "/healthz", "/demo/wechat"):
        assert f"http://127.0.0.1:8123{path}" in text
    assert "监察员 · 示例甲 · insp1 · demo" in text


def test_without_demo_no_sign_in_is_named() -> None:
    text = banner(Options(False, "127.0.0.1", 8000, None), ())
    assert "sign-ins" not in text and "/demo/" not in text
