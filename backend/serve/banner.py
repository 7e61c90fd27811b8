"""The lines printed once the service answers: where to go and how to sign in."""

from collections.abc import Iterable

from backend.serve.options import Options

PLACES = (
    ("手机网页 worker's page", "/"),
    ("工作台 staff desk", "/desk/"),
    ("接口 API", "/api/v1/"),
    ("接口文档 OpenAPI", "/openapi.json"),
    ("运行状况 health", "/healthz"),
)

DEMO_PLACES = (("演示微信 demo WeChat", "/demo/wechat"),)


def banner(options: Options, sign_ins: Iterable[Iterable[object]]) -> str:
    """Return the text; sign-ins are rows such as (role, name, account, password)."""
    lines = ["", "薪护 is running.", ""]
    places = PLACES + (DEMO_PLACES if options.is_demo else ())
    lines += [f"  {options.address}{path:<14} {name}" for name, path in places]
    rows = [" · ".join(str(part) for part in row) for row in sign_ins]
    if rows:
        lines += ["", "  Demo sign-ins 演示账号:", *(f"    {row}" for row in rows)]
    return "\n".join([*lines, "", "  Ctrl-C stops it.", ""])
