"""Who signs in to the demonstration city: officers at their posts, and citizens whose homes have a story to tell."""

from __future__ import annotations

from dataclasses import replace

from datong.store import Session
from datong.web import NewAccount

PASSWORD = "datong-demo"  # noqa: S105 - shown on the sign-in page of a demonstration city, and nowhere else used
ZONE_STREET = "370303008"
OFFICERS = (
    (
        "clerk",
        "王敏",
        "approval",
        "政务服务大厅3号窗口",
        ("window_clerk",),
        ("3703",),
        "政务大厅综合窗口：选用途，扫房码核验，看申请人名片",
    ),
    ("registrar", "孙立", "market_regulation", "登记注册科", ("officer",), ("3703",), "企业登记人员：核验本人或他人住所，查市场主体"),
    ("approver", "方敏", "approval", "综合受理科", ("officer",), ("3703",), "综合受理人员：受理一件事办件，汇总各部门意见"),
    ("fire", "许刚", "fire_rescue", "防火监督科", ("officer",), ("3703",), "消防人员：并联审批中本部门的一段"),
    ("ecology", "姜兰", "ecology", "环评科", ("officer",), ("3703",), "生态环境人员：并联审批中本部门的一段"),
    ("tobacco", "任涛", "tobacco", "专卖管理科", ("officer",), ("3703",), "烟草专卖人员：并联审批中本部门的一段"),
    ("insurance", "秦芳", "human_resources", "参保管理科", ("officer",), ("3703",), "社保人员：自动审批转人工的办件"),
    ("police", "周强", "police", "四宝山派出所", ("officer",), (ZONE_STREET,), "社区民警：凭任一线索查人、查房，只看本辖区"),
    ("civil", "吴芳", "civil_affairs", "社会救助科", ("officer",), ("3703",), "民政人员：困难家庭核对，须有事由和当事人授权"),
    ("estate", "郑洁", "natural_resources", "不动产登记中心", ("officer",), ("3703",), "不动产登记人员：查产权与坐落"),
    ("urban", "冯涛", "urban_management", "直属一中队", ("officer",), ("3703",), "城管执法人员：查房屋与经营户"),
    ("water", "褚兰", "water", "用水报装窗口", ("window_clerk",), ("3703",), "供水报装窗口：凭房码核验，开户过户"),
    ("school", "卫红", "education", "基础教育科", ("officer",), ("3703",), "教育部门：入学报名核验房屋与户籍"),
    ("grid", "蒋军", "sub_district", "四宝山街道网格", ("grid_worker",), (ZONE_STREET,), "网格员：上门走访，输入小区名看完整地址"),
    ("inspector", "沈刚", "market_regulation", "信用监管科", ("inspector",), ("3703",), "双随机检查人员：查抽中的企业和登记地址"),
    ("steward", "李静", "data", "数据资源科", ("steward",), ("",), "数据管家：批次、待处理行、来源不一致、纠错"),
    ("manager", "何平", "data", "共享协调科", ("sharing_manager",), ("",), "共享管理：申请、协议、使用预警、试看、审核目录、看板"),
    ("fund", "吕静", "housing_fund", "提取管理科", ("officer", "sharing_officer"), ("3703",), "需求部门：提出共享申请，负责人同意并签协议"),
    ("registry", "邓凯", "natural_resources", "数据管理科", ("officer", "sharing_officer"), ("3703",), "提供部门：审核申请，答复并签协议"),
    ("urban_data", "施录", "urban_management", "信息中心", ("steward",), ("3703",), "部门数据管家：编制、导入本部门的数据目录"),
    ("urban_head", "吕平", "urban_management", "办公室", ("sharing_officer",), ("3703",), "共享工作机构负责人：签批本部门的目录和申请"),
    ("archivist", "纪文", "data", "档案室", ("archivist",), ("",), "档案管理员：归档的办件凭利用目的打开，到期鉴定销毁"),
    ("auditor", "赵诚", "data", "审计科", ("auditor",), ("",), "审计员：谁看过什么，验证存证"),
    ("leader", "钱进", "sub_district", "四宝山街道", ("leader",), (ZONE_STREET,), "街道领导：只看本街道概况"),
)
_OWNER_WITH_FIRM = """
SELECT o.from_code, e.label, count(DISTINCT f.from_code), count(DISTINCT t.from_code)
FROM relation o
JOIN relation f ON f.to_code = o.to_code AND f.type = 'registered_at' AND f.until = ''
JOIN relation t ON t.to_code = o.to_code AND t.type IN ('rents', 'lives_at') AND t.until = '' AND t.from_code <> o.from_code
JOIN entry e ON e.code = o.from_code AND e.kind = 'person'
JOIN entry h ON h.code = o.to_code AND h.division LIKE :street
WHERE o.type = 'owns' AND o.until = ''
GROUP BY o.from_code, e.label ORDER BY 3 DESC, 4 DESC, o.from_code LIMIT 1"""
_OWNER_PLAIN = """
SELECT o.from_code, e.label FROM relation o
JOIN entry e ON e.code = o.from_code AND e.kind = 'person'
JOIN entry h ON h.code = o.to_code AND h.division LIKE :street
WHERE o.type = 'owns' AND o.until = '' AND o.from_code <> :other
AND EXISTS (SELECT 1 FROM relation l WHERE l.from_code = o.from_code AND l.to_code = o.to_code AND l.type = 'lives_at' AND l.until = '')
ORDER BY o.from_code LIMIT 1"""
_TENANT = """
SELECT r.from_code, e.label FROM relation r
JOIN entry e ON e.code = r.from_code AND e.kind = 'person'
JOIN entry h ON h.code = r.to_code AND h.division LIKE :street
WHERE r.type = 'rents' AND r.until = '' AND r.from_code <> :other ORDER BY r.from_code LIMIT 1"""
_BOSS = """
SELECT r.from_code, e.label FROM relation r
JOIN entry e ON e.code = r.from_code AND e.kind = 'person'
WHERE r.type = 'legal_representative_of' AND r.until = '' AND r.from_code <> :other
AND EXISTS (SELECT 1 FROM relation l WHERE l.from_code = r.from_code AND l.type = 'owns' AND l.until = '')
ORDER BY r.from_code LIMIT 1"""
_CITIZENS = (
    ("citizen", _OWNER_WITH_FIRM, "房主：名下房屋有人居住并登记了企业；认领、出示房码、谁看过我"),
    ("owner", _OWNER_PLAIN, "房主：住在自己家中"),
    ("tenant", _TENANT, "租客：看租住的房屋"),
    ("boss", _BOSS, "经营者：自己的企业与房屋"),
)


def demo_accounts(session: Session) -> list[NewAccount]:
    """Every account of the demonstration city, the officers first. Citizens are chosen from the registers, the same each time."""
    officers = [
        NewAccount(name, PASSWORD, person, "officer", department, unit, roles, jurisdiction, demo_note=note)
        for name, person, department, unit, roles, jurisdiction, note in OFFICERS
    ]
    return officers + _citizens(session)


def _citizens(session: Session) -> list[NewAccount]:
    found: list[NewAccount] = []
    taken: set[str] = set()
    for name, sql, note in _CITIZENS:
        params = {"street": ZONE_STREET + "%", "other": found[0].subject if found else ""}
        row = session.one(sql, params) or session.one(sql, params | {"street": "%"})
        if row and row[0] not in taken:
            taken.add(row[0])
            account = NewAccount(name, PASSWORD, row[1], "citizen", subject=row[0], demo_note=note)
            found.append(replace(account, roles=("citizen",)))
    return found
