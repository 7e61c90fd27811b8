"""People of the demo bureau who can sign in; all invented, their passwords known to everyone."""

from __future__ import annotations

from dataclasses import dataclass

from backend.identity.roles import ROLE_NAMES


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """A member of the demo staff: how they sign in, what they are called, what they may do."""

    username: str
    name: str
    roles: tuple[str, ...]
    unit: str


PASSWORD = "xinhu-demo-1"
_FIRST, _SECOND, _BUREAU = "监察一中队", "监察二中队", "局机关"

STAFF = (
    StaffAccount("jiancha1", "梁监一", ("inspector",), _FIRST),
    StaffAccount("jiancha2", "陈监二", ("inspector",), _FIRST),
    StaffAccount("jiancha3", "黄监三", ("inspector", "mediator"), _SECOND),
    StaffAccount("kezhang1", "区大队", ("unit_head",), _FIRST),
    StaffAccount("kezhang2", "谭中队", ("unit_head",), _SECOND),
    StaffAccount("juling", "容局长", ("head",), _BUREAU),
    StaffAccount("fazhi1", "李法审", ("legal_reviewer",), _BUREAU),
    StaffAccount("fazhi2", "林法审", ("legal_reviewer",), _BUREAU),
    StaffAccount("tiaojie", "麦调解", ("mediator",), _SECOND),
    StaffAccount("chuangkou", "冯窗口", ("clerk",), _FIRST),
    StaffAccount("jieda1", "钟解答", ("answerer",), _BUREAU),
    StaffAccount("jieda2", "吴解答", ("answerer",), _BUREAU),
    StaffAccount("pufa1", "苏敏仪", ("organiser",), _BUREAU),
    StaffAccount("guanli", "伍管理", ("admin",), _BUREAU),
)

# (telephone, what its owner finds in the app); the numbers belong to the demo, no SMS is sent
WORKERS = (
    ("13800000001", "刚交的、在查的、办结的各一件；约了几场讲座"),
    ("13800000002", "要补材料的一件，已撤回的一件"),
    ("13800000003", "今天到期的一件，没拿到钱又另开的一件；讲座有座在等他回话"),
)

#: Rows of (role, name, account, password) for the start banner and the desk's sign-in page.
SIGN_INS = tuple(
    (
        "、".join(ROLE_NAMES[role] for role in account.roles),
        account.name,
        account.username,
        PASSWORD,
    )
    for account in STAFF
) + tuple(("工人", what, phone, "验证码会显示在页面上") for phone, what in WORKERS)
