"""Licences on paper: a signed PDF and an OFD that anybody checks offline, and that nobody alters unseen."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pytest
from tests.licences.licensed import citizen, give, issuer, officer
from tests.share.city import NOW, City

from datong import ledger, licences, share
from datong.domain.errors import BadValue, Forbidden, Missing
from datong.licences.paper import ofd
from datong.store import Session

OFD = "{http://www.ofdspec.org/2016}"


def carried(session: Session) -> licences.Statuses:
    return licences.read_bundle(json.dumps(licences.bundle(session, now=NOW)))


def taken(session: Session, city: City, form: str) -> tuple[licences.Licence, bytes]:
    made = give(session, city, "disability_card", "li")
    return made, licences.paper(session, citizen(city["li"]), made.licence_id, form, now=NOW).content


def needs_pdf() -> None:
    pytest.importorskip("pyhanko")
    pytest.importorskip("reportlab")


@pytest.mark.parametrize("form", ["pdf", "ofd"])
def test_a_file_is_checked_without_the_city_and_says_what_the_licence_says(session: Session, city: City, form: str) -> None:
    needs_pdf()
    made, content = taken(session, city, form)
    verdict, text = licences.check_file(content, carried(session), now=NOW)
    assert verdict.outcome == "valid"
    assert verdict.identifier == made.identifier
    assert verdict.claims["level"] == "二级"
    assert [one.code for one in verdict.reasons][:2] == ["paper", "genuine"]
    assert text == made.credential
    licences.act(session, issuer("disability_card"), made.licence_id, licences.Doing("revoke", "复查不符"), now=NOW)
    assert licences.check_file(content, carried(session), now=NOW)[0].outcome == "revoked", "paper in hand does not hold for ever"
    assert licences.check_paper(session, None, content, now=NOW).verdict.outcome == "revoked"


def test_an_outside_reader_finds_the_pdf_signed_as_a_whole_with_the_licence_inside(session: Session, city: City) -> None:
    needs_pdf()
    from pyhanko.pdf_utils.reader import PdfFileReader

    made, content = taken(session, city, "pdf")
    reader = PdfFileReader(BytesIO(content))
    (signature,) = reader.embedded_signatures
    assert signature.field_name == "issuer"
    assert signature.signer_cert.subject.native["common_name"] == "disabled_federation-1"
    assert reader.root["/Pages"]["/Count"] == 1
    assert reader.trailer["/Info"]["/Title"] == f"残疾人证 {made.identifier}" or made.identifier in str(reader.trailer["/Info"]["/Title"])
    assert b"STSong-Light" in content


def test_no_byte_of_a_pdf_can_be_changed_unseen(session: Session, city: City) -> None:
    needs_pdf()
    _, content = taken(session, city, "pdf")
    trust = carried(session)
    step = max(1, len(content) // 150)
    for place in range(7, len(content), step):
        bent = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert licences.check_file(bent, trust, now=NOW)[0].outcome == "forged", place
    for more in (b"\n", b"%%EOF\n", content[-600:]):
        assert licences.check_file(content + more, trust, now=NOW)[0].outcome == "forged"


def test_the_ofd_has_the_parts_that_the_standard_demands(session: Session, city: City) -> None:
    made, content = taken(session, city, "ofd")
    package = zipfile.ZipFile(BytesIO(content))
    parts = {name: package.read(name) for name in package.namelist()}
    entry = ElementTree.fromstring(parts["OFD.xml"])
    assert (entry.tag, entry.get("DocType"), entry.get("Version")) == (f"{OFD}OFD", "OFD", "1.0")
    body = entry.find(f"{OFD}DocBody")
    assert body is not None
    assert len(body.findtext(f"{OFD}DocInfo/{OFD}DocID") or "") == 32
    root = ElementTree.fromstring(parts[body.findtext(f"{OFD}DocRoot") or ""])
    assert root.findtext(f"{OFD}CommonData/{OFD}PageArea/{OFD}PhysicalBox") == "0 0 210 297"
    fonts = ElementTree.fromstring(parts[f"Doc_0/{root.findtext(f'{OFD}CommonData/{OFD}PublicRes')}"])
    font_ids = {one.get("ID") for one in fonts.iter(f"{OFD}Font")}
    ids, said = set(font_ids), ""
    for page in root.iter(f"{OFD}Page"):
        ids.add(page.get("ID"))
        drawn = ElementTree.fromstring(parts[f"Doc_0/{page.get('BaseLoc')}"])
        for one in drawn.iter():
            if (number := one.get("ID")) is not None:
                assert number not in ids, "ids are unique in a document"
                ids.add(number)
        for text in drawn.iter(f"{OFD}TextObject"):
            assert text.get("Font") in font_ids
            code = text.find(f"{OFD}TextCode")
            assert code is not None
            assert len((code.get("DeltaX") or "").split()) == len(code.text or "") - 1
            said += code.text or ""
        assert drawn.find(f".//{OFD}PathObject/{OFD}AbbreviatedData") is not None, "the QR code"
    assert max(map(int, ids)) <= int(root.findtext(f"{OFD}CommonData/{OFD}MaxUnitID") or 0)
    assert made.identifier in said
    assert "印章图样" in said
    attached = ElementTree.fromstring(parts[f"Doc_0/{root.findtext(f'{OFD}Attachments')}"])
    assert parts[(attached.findtext(f"{OFD}Attachment/{OFD}FileLoc") or "").lstrip("/")].decode() == made.credential
    listed = ElementTree.fromstring(parts[body.findtext(f"{OFD}Signatures") or ""])
    (signature,) = listed.iter(f"{OFD}Signature")
    assert signature.get("Type") == "Sign", "no seal is drawn: a seal image proves nothing"
    described = ElementTree.fromstring(parts[(signature.get("BaseLoc") or "").lstrip("/")])
    covered = {(one.get("FileRef") or "").lstrip("/"): one.findtext(f"{OFD}CheckValue") for one in described.iter(f"{OFD}Reference")}
    assert covered == {name: ofd.sm3(held) for name, held in parts.items() if "/Signs/" not in name}


def test_a_city_with_a_national_key_signs_an_ofd_by_sm2_too(session: Session, city: City) -> None:
    home = share.installed(session).settings.home
    ledger.make_keys(home, "city.example")
    ledger.make_sm2_key(home)
    _, content = taken(session, city, "ofd")
    parts = _parts(content)
    assert b"1.2.156.10197.1.501" in parts["Doc_0/Signs/Sign_1/Signature.xml"]
    trust = carried(session)
    assert trust.national is not None
    assert licences.check_file(content, trust, now=NOW)[0].good
    value = parts["Doc_0/Signs/Sign_1/SignedValue.dat"]
    bent = ofd.pack({**parts, "Doc_0/Signs/Sign_1/SignedValue.dat": value[:-1] + bytes([value[-1] ^ 1])})
    assert licences.check_file(bent, trust, now=NOW)[0].outcome == "forged"


def test_no_byte_of_an_ofd_can_be_changed_unseen_and_no_part_put_in_or_taken_out(session: Session, city: City) -> None:
    _, content = taken(session, city, "ofd")
    trust = carried(session)
    for place in range(2, len(content), max(1, len(content) // 400)):
        bent = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert licences.check_file(bent, trust, now=NOW)[0].outcome == "forged", place
    parts = _parts(content)
    for name in parts:
        left = {one: held for one, held in parts.items() if one != name}
        assert licences.check_file(ofd.pack(left), trust, now=NOW)[0].outcome == "forged", name
    more = {**parts, "Doc_0/Res/seal.png": b"a seal"}
    assert licences.check_file(ofd.pack(more), trust, now=NOW)[0].outcome == "forged"


def test_a_file_signed_by_another_department_is_none(session: Session, city: City) -> None:
    _, content = taken(session, city, "ofd")
    permit = licences.paper(session, citizen(city["wang"]), give(session, city, "residence_permit", "wang").licence_id, "ofd", now=NOW)
    parts, other = _parts(content), _parts(permit.content)
    mixed = {**other, ofd.CREDENTIAL: parts[ofd.CREDENTIAL]}
    assert licences.check_file(ofd.pack(mixed), carried(session), now=NOW)[0].outcome == "forged"


def test_only_the_holder_and_the_issuers_counter_have_it_written_and_it_is_on_record(session: Session, city: City) -> None:
    made = give(session, city, "disability_card", "li")
    for actor, wrong in ((citizen(city["wang"]), Missing), (officer("police"), Forbidden)):
        with pytest.raises(wrong):
            licences.paper(session, actor, made.licence_id, "ofd", now=NOW)
    with pytest.raises(BadValue):
        licences.paper(session, citizen(city["li"]), made.licence_id, "docx", now=NOW)
    licences.paper(session, citizen(city["li"]), made.licence_id, "ofd", now=NOW)
    licences.paper(session, issuer("disability_card"), made.licence_id, "ofd", now=NOW)
    assert {one.how for one in licences.uses(session, citizen(city["li"]), now=NOW)} == {"copy", "paper"}
    told = share.notices(session, citizen(city["li"]))
    assert any("打印了您的" in one.text_zh for one in told), "what a counter prints is told to the holder"
    licences.act(session, issuer("disability_card"), made.licence_id, licences.Doing("suspend", "核查"), now=NOW)
    with pytest.raises(BadValue):
        licences.paper(session, citizen(city["li"]), made.licence_id, "ofd", now=NOW)


def test_a_long_licence_takes_more_pages(session: Session, city: City) -> None:
    needs_pdf()
    made = give(session, city, "food_business", "firm", facts={"scope": "热食类食品制售，" * 150})
    for form in licences.PAPER_FORMS:
        content = licences.paper(session, issuer("food_business"), made.licence_id, form, now=NOW).content
        assert licences.check_file(content, carried(session), now=NOW)[0].good
    assert "Doc_0/Pages/Page_1/Content.xml" in _parts(content)


def _parts(content: bytes) -> dict[str, bytes]:
    package = zipfile.ZipFile(BytesIO(content))
    return {name: package.read(name) for name in package.namelist()}
