"""Registered employers of the demo bureau; each has 示例 in its name and matches no real firm."""

from __future__ import annotations

from backend.core.db import db, one_transaction
from backend.employers.models import Employer

# (name, street); the position is how filings.yaml refers to one, counted from 1
EMPLOYERS = (
    ("江门市江海区示例电子有限公司", "滘头街道"),
    ("江门市江海区示例五金制品厂", "外海街道"),
    ("江门市示例灯饰照明有限公司", "江南街道"),
    ("江门市江海区示例餐饮管理有限公司", "江南街道"),
    ("江门市示例家具实业有限公司", "礼乐街道"),
    ("江门市江海区示例制衣有限公司", "滘北街道"),
    ("江门市示例建筑劳务分包有限公司", "外海街道"),
    ("江门市江海区示例物业服务有限公司", "江南街道"),
    ("江门市示例摩托车配件有限公司", "礼乐街道"),
    ("江门市江海区示例食品有限公司", "滘头街道"),
    ("江门市示例新材料科技股份有限公司高新区分公司", "外海街道"),
    ("江门市江海区示例包装印刷厂", "滘头街道"),
    ("江门市示例货运代理有限公司", "礼乐街道"),
    ("江门市江海区示例家政服务部", "滘北街道"),
    ("江门市示例园林绿化工程有限公司", "外海街道"),
    ("江门市江海区示例塑料模具厂", "滘头街道"),
    ("江门市示例连锁超市有限公司江海店", "江南街道"),
    ("江门市江海区示例美发店", "江南街道"),
    ("江门市示例钢结构工程有限公司", "礼乐街道"),
    ("江门市江海区示例水产养殖专业合作社", "礼乐街道"),
    ("江门市示例纸业有限公司", "外海街道"),
    ("江门市江海区示例教育培训中心", "江南街道"),
    ("江门市示例保安服务有限公司", "滘北街道"),
    ("江门市江海区示例汽车维修厂", "滘北街道"),
    ("江门市示例快递服务有限公司江海分部", "滘头街道"),
    ("江门市示例电路板有限公司", "滘头街道"),
)


@one_transaction
def register() -> dict[int, int]:
    """Write the employers; returns the row id of each position."""
    rows = [
        Employer(name=name, street=street, address=f"江海区{street}示例路{number}号")
        for number, (name, street) in enumerate(EMPLOYERS, start=1)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return {number: row.id for number, row in enumerate(rows, start=1)}
