"""What reviewers read for the words of linking: comparisons with their help, levels, rules and reasons; 中文 and English."""

from __future__ import annotations

Words = dict[str, tuple[str, str]]

COMPARISONS: Words = {
    "name": ("姓名", "Name"),
    "number": ("公民身份号码", "Citizen number"),
    "birth_date": ("出生日期", "Birth date"),
    "sex": ("性别", "Sex"),
    "phone": ("电话", "Phone"),
    "place": ("房屋（按编码）", "Premises (by code)"),
    "organisation": ("关联单位", "Organisation"),
    "relative": ("同记录的亲属", "Relatives in the record"),
    "account": ("社保、公积金账号", "Insurance or fund account"),
    "name_rarity": ("姓名常见程度", "How common the name is"),
    "place_rarity": ("房屋人数多少", "How many share the premises"),
    "org_name_rarity": ("字号常见程度", "How common the name's core is"),
    "credit_code": ("统一社会信用代码", "Credit code"),
    "org_name": ("名称", "Name of the organisation"),
    "registration_no": ("原注册号", "Old registration number"),
    "representative": ("法定代表人", "Legal representative"),
}
HELP: Words = {
    "name": ("相同；繁简、间隔号不同；拼音；生僻字丢失成“?”；只有前半；同音；差一个字；仅姓相同；不同。", ""),
    "number": (
        "至少一方的号码本身不可靠：相同；错一位、少一位或相邻两位颠倒；未遮盖处一致；相差甚远。两个不同的有效号码不会是同一人。",
        "",
    ),
    "birth_date": ("相同；月日颠倒；错一位；年份相同而一方只知年份；不同。", ""),
    "sex": ("登记的性别，或由身份号码得出。", ""),
    "phone": ("有一个号码相同；错一位；不同。", ""),
    "place": ("双方的地址是否指向同一处房屋（比对房屋编码，不比对文字）。", ""),
    "organisation": ("记录中与此人一同出现的单位：就职于，或任法定代表人。", ""),
    "relative": ("同一记录中父母、子女或配偶的姓名。", ""),
    "account": ("本人的社会保险或住房公积金账号。", ""),
    "name_rarity": ("姓名相同时：名字越常见，证据越弱；越少见，证据越强。", ""),
    "place_rarity": ("房屋相同时：同处的人越多，证据越弱。", ""),
    "org_name_rarity": ("字号相同时：越常见，证据越弱。", ""),
    "credit_code": ("至少一方的代码不可靠：相同；错一位；主体部分相同；相差甚远。", ""),
    "org_name": ("相同且该类名称全市只登记一个；相同；去掉地名和组织形式后相同；核心字号相近；不同。", ""),
    "registration_no": ("原工商注册号：相同；错一位；不同。", ""),
    "representative": ("法定代表人或经营者的姓名。", ""),
}
LEVELS: Words = {
    "same": ("相同", "the same"),
    "same_registered": ("相同（登记唯一）", "the same, registered once only"),
    "variant": ("写法不同", "another way of writing"),
    "pinyin": ("拼音", "in letters"),
    "lost_character": ("生僻字丢失", "a rare character lost"),
    "part": ("只有一部分", "part of it"),
    "homophone": ("同音", "sounds the same"),
    "one_character": ("差一个字", "one character apart"),
    "surname": ("仅姓相同", "same family name only"),
    "different": ("不同", "different"),
    "one_edit": ("错一位", "one digit wrong"),
    "one_digit": ("错一位", "one digit wrong"),
    "masked": ("未遮盖处一致", "agrees where not masked"),
    "far": ("相差甚远", "far apart"),
    "two_sound": ("两个不同的有效号码", "two different sound numbers"),
    "swapped": ("月日颠倒", "day and month swapped"),
    "year": ("年份相同", "the year agrees"),
    "core": ("字号相同", "the same core"),
    "close": ("相近", "nearly the same"),
    "surname_changed": ("改姓", "a changed family name"),
    "very_common": ("很常见", "very common"),
    "common": ("常见", "common"),
    "usual": ("一般", "usual"),
    "rare": ("少见", "rare"),
    "unique": ("独有", "one alone has it"),
    "old15": ("15 位旧号一致", "agrees with 15 digits"),
    "trade_name": ("商号相同", "the same trade name"),
    "other_industry": ("行业不同", "another industry"),
    "other_region": ("地区不同", "another region"),
    "body": ("主体部分相同", "the same body"),
    "missing": ("一方没有", "one side has none"),
}
NEARNESS: Words = {"same": ("同", "same"), "near": ("近", "near"), "apart": ("异", "apart"), "missing": ("缺", "missing")}
RULES: Words = {
    "citizen_id": ("公民身份号码", "Citizen number"),
    "credit_code": ("统一社会信用代码", "Credit code"),
    "registration_no": ("原注册号", "Old registration number"),
    "account_no": ("户号", "Account number"),
    "title_unit_no": ("不动产单元号", "Title unit number"),
    "certificate_no": ("权证号", "Certificate number"),
    "address": ("地址", "Address text"),
    "confirmed_wording": ("两部门以证号证实的写法", "Wording confirmed by two departments' numbers"),
    "place": ("房屋树中的位置", "Place in the premises tree"),
    "compared": ("比对", "Compared"),
    "judged": ("人工判断", "Judged by people"),
    "alone": ("独立成户", "On its own"),
    "borrowed": ("号码属于他人", "Number of somebody else"),
    "open": ("没有可用号码", "No usable number"),
    "unsure": ("待复核", "Waits for a reviewer"),
    "too_little": ("信息太少", "Says too little"),
    "number": ("同一号码", "Carries the number"),
    "repeat": ("内容完全相同", "Says the very same"),
    "id": ("身份号码", "Citizen number"),
    "uscc": ("信用代码", "Credit code"),
    "registration": ("原注册号", "Old registration number"),
    "title": ("不动产单元", "Title unit"),
}
REASONS: Words = {
    "two_numbers": (
        "双方各有一个不同的有效号码：除非人工判断，绝不合并",
        "Two different sound numbers: never merged unless a person judges so",
    ),
    "runner_up": ("另有同样可能的对象，差距不够", "Another subject is as likely: the gap is too small"),
    "name_differs": ("姓名不够一致，须人工判断", "The names agree too little to be linked by score"),
    "org_name_differs": ("名称不够一致，须人工判断", "The names agree too little to be linked by score"),
}
VERDICTS: Words = {"same": ("同一", "Same"), "different": ("不同", "Different"), "unsure": ("不能确定", "Unsure")}
STATES: Words = {
    "open": ("待复核", "Waiting"),
    "second": ("待第二人", "Second reviewer"),
    "split": ("存疑或意见不一", "In doubt or disputed"),
}
MATTERS: Words = {
    "passes": ("有效房码", "Passes in force"),
    "consents": ("有效授权", "Consents in force"),
    "claims": ("已认领的房屋", "Claims of homes"),
    "disputes": ("未办结的异议", "Open disputes"),
}
EVENTS: Words = {
    "issued": ("发码", "Issued"),
    "merged": ("并入", "Merged into"),
    "split": ("拆分自", "Split from"),
    "revived": ("恢复", "Revived"),
    "emptied": ("已无记录", "No record left"),
}
APART: Words = {
    "judged_different": ("有人判断为不同（判断编号）", "A person judged them different (number of the judgement)"),
    "two_numbers": (
        "双方各有一个不同的有效号码：除非人工判断，绝不合并",
        "Two different sound numbers: never merged unless a person judges so",
    ),
    "no_block": ("没有任何一个比对入口相同，从未比对", "They share no block: they are never compared"),
    "crowded_block": ("相同的值太多对象都有，视为占位值", "What they share, too many share: a placeholder, passed over"),
    "below": ("合计低于复核门槛", "The sum is below the threshold of review"),
    "between": ("合计在待复核区间", "The sum lies where people are asked"),
    "lacking": ("这一项不够一致，只能由人判断", "This comparison agrees too little: only a person may judge"),
    "runner_up": ("另有同样可能的对象，差距不够", "Another subject is as likely: the gap is too small"),
    "waits": ("正在等待复核员判断", "A reviewer is asked"),
    "other_door": ("房屋不比对相似度：它们是两处不同的门户", "Premises are not compared: these are two doors"),
    "would_link": ("按今天的资料可以关联，下次融合时处理", "By today's facts they may be linked at the next run"),
}
BLOCKS: Words = {
    "name_birth": ("姓名和出生日期", "Name and birth date"),
    "sound_birth": ("姓名读音和出生日期", "Sound of the name and birth date"),
    "phone_sound": ("电话和姓名首字母", "Phone and first letter of the name"),
    "place_sound": ("房屋和姓名首字母", "Premises and first letter of the name"),
    "organisation_sound": ("单位和姓名读音", "Organisation and sound of the name"),
    "number_name": ("号码的一段和姓名读音", "Part of the number and sound of the name"),
    "old_number": ("同一号码（15 位或另一姓名）", "The same number, written with 15 digits or beside another name"),
    "relative_birth": ("亲属和出生日期", "Relative and birth date"),
    "relative_sound": ("亲属和姓名读音", "Relative and sound of the name"),
    "account": ("社保、公积金账号", "Insurance or fund account"),
    "org_name": ("名称", "Name"),
    "org_core": ("字号", "Core of the name"),
    "representative_place": ("法定代表人和房屋", "Legal representative and premises"),
    "org_phone": ("电话", "Phone"),
    "registration": ("原注册号", "Old registration number"),
}
PROBLEMS: Words = {
    "two_numbers": ("两个有效号码", "Two sound numbers"),
    "contradiction": ("内部矛盾", "Contradiction inside"),
    "falls_apart": ("已散开", "Falls apart"),
    "bridge": ("只靠一条弱连接", "Hangs by one weak link"),
    "size": ("记录多得反常", "Far too many records"),
}
ADVICE: Words = {
    "two_numbers": (
        "有人把两个有效号码判为同一个。如系误判，请撤销该判断。",
        "A judgement joined two sound numbers. If it was a mistake, undo it.",
    ),
    "contradiction": (
        "两条记录互相矛盾：都看一看，判为不同，或报告错误的那一项。",
        "Two mentions speak against each other: judge them different, or report the wrong fact.",
    ),
    "falls_apart": (
        "按今天的资料，已没有什么把这些记录连在一起，请判断。",
        "Nothing compared today holds these mentions to the rest: judge them.",
    ),
    "bridge": (
        "这些记录只靠一条弱连接：判为同一使其牢固，判为不同则拆开。",
        "One weak comparison alone holds them: same makes it firm, different parts them.",
    ),
    "size": ("可能是多人共用的号码、账号或占位值。", "A number or account that many use, or a placeholder."),
}
TABLES: dict[str, Words] = {
    "comparisons": COMPARISONS,
    "help": HELP,
    "levels": LEVELS,
    "nearness": NEARNESS,
    "rules": RULES,
    "reasons": REASONS,
    "verdicts": VERDICTS,
    "states": STATES,
    "matters": MATTERS,
    "events": EVENTS,
    "apart": APART,
    "blocks": BLOCKS,
    "problems": PROBLEMS,
    "advice": ADVICE,
}
