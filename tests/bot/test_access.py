"""Roles: the owner's link, invitations, ids in the settings, and who a customer is."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from bot.access import identify, invite, owner_token, redeem
from knowledge.crm.columns import now
from knowledge.crm.customers import Customer, Invitation, TelegramIdentity
from tests.bot.fake_telegram import FakeTelegram
from tests.bot.scripted import make_services, running

OWNER, MATE, THIEF = 1, 2, 3


async def test_the_printed_link_makes_one_owner_who_invites_by_one_use_links(
    tmp_path: Path, telegram: FakeTelegram
):
    """Owner by the first start's link; a marketer by invitation; neither link works twice."""
    services = make_services(tmp_path, telegram)
    async with running(services, telegram) as bot:
        telegram.say(OWNER, f"/start {bot.link}")
        await telegram.until(lambda: telegram.seen(OWNER))
        assert "owner" in telegram.seen(OWNER)[0]
        telegram.say(THIEF, f"/start {bot.link}")
        await telegram.until(lambda: telegram.seen(THIEF))
        assert "has been used" in telegram.seen(THIEF)[0]
        telegram.say(OWNER, "/invite")
        await telegram.until(lambda: len(telegram.seen(OWNER)) == 2)
        token = telegram.seen(OWNER)[1].partition("?start=")[2].strip()
        telegram.say(MATE, f"/start {token}", app="zh-hans")
        await telegram.until(lambda: telegram.seen(MATE))
        assert "营销人员" in telegram.seen(MATE)[0]
        telegram.say(THIEF, f"/start {token}")
        telegram.say(MATE, "/invite", app="zh-hans")
        telegram.say(OWNER, "/start")
        await telegram.until(lambda: len(telegram.seen(OWNER)) == 3 and len(telegram.seen(MATE)) == 2)
    assert "管理员" in telegram.seen(MATE)[1]
    with services.database.session() as session:
        kept = session.exec(select(Invitation)).all()
        assert not any(bot.link.endswith(row.token_digest) for row in kept)
        roles = {row.user_id: row.role for row in session.exec(select(TelegramIdentity)).all()}
    assert roles == {OWNER: "owner", MATE: "marketer", THIEF: "customer"}
    menus = {
        call.params["scope"]["chat_id"]: [command["command"] for command in call.params["commands"]]
        for call in telegram.of("setMyCommands")
        if "chat_id" in call.params["scope"]
    }
    assert "invite" in menus[OWNER]
    assert "copy" in menus[MATE]
    assert "invite" not in menus[MATE]
    async with running(services, telegram) as second:
        assert not any("owner_" in line for line in second.said)


async def test_menus_are_published_in_both_languages(tmp_path: Path, telegram: FakeTelegram):
    """Customers see their commands in their app's language, and no staff commands."""
    async with running(make_services(tmp_path, telegram), telegram):
        await telegram.until(lambda: len(telegram.of("setMyCommands")) == 2)
    default, chinese = (call.params for call in telegram.of("setMyCommands"))
    assert "language_code" not in default
    assert chinese["language_code"] == "zh"
    assert [command["command"] for command in chinese["commands"]] == ["start", "help", "language"]
    assert chinese["commands"][1]["description"] == "我能做什么"


def test_each_start_without_an_owner_voids_the_link_before(tmp_path: Path, telegram: FakeTelegram):
    """A link that scrolled away is not left lying about; a customer link never makes an owner."""
    services = make_services(tmp_path, telegram)
    with services.database.session() as session:
        person = identify(session, services.settings, OWNER, OWNER, "en")
        old, new = owner_token(session), owner_token(session)
        assert old
        assert new
        assert redeem(session, old, "owner", person)[0] == "refused"
        assert redeem(session, new, "invite", person)[0] == "refused"
        assert redeem(session, new, "owner", person) == ("given", "owner")
        assert owner_token(session) is None


def test_invitations_expire_and_are_not_wasted_on_those_above(tmp_path: Path, telegram: FakeTelegram):
    """An expired link is refused; an admin who opens a marketer's link leaves it for the marketer."""
    services = make_services(tmp_path, telegram, admins=str(OWNER))
    with services.database.session() as session:
        admin = identify(session, services.settings, OWNER, OWNER, "en")
        mate = identify(session, services.settings, MATE, MATE, "zh-hans")
        token, late = invite(session, "marketer"), invite(session, "marketer", days=-1)
        assert redeem(session, token, "invite", admin) == ("already", "admin")
        assert redeem(session, late, "invite", mate)[0] == "refused"
        assert redeem(session, token, "invite", mate) == ("given", "marketer")
        mate = identify(session, services.settings, MATE, MATE, "zh-hans")
        assert redeem(session, token, "invite", mate) == ("given", "marketer")
        thief = identify(session, services.settings, THIEF, THIEF, "en")
        assert redeem(session, token, "invite", thief)[0] == "refused"
        assert session.exec(select(Invitation).where(Invitation.used_by == MATE)).one().used_at > now() - (
            timedelta(minutes=1)
        )


def test_roles_by_id_hold_only_while_they_stand_in_the_settings(tmp_path: Path, telegram: FakeTelegram):
    """Taken out of the settings, a marketer is a customer again."""
    with_id = make_services(tmp_path, telegram, marketers=str(MATE))
    without = make_services(tmp_path, telegram)
    with with_id.database.session() as session:
        assert identify(session, with_id.settings, MATE, MATE, "en").side == "marketer"
        assert identify(session, without.settings, MATE, MATE, "en").side == "customer"


def test_a_customer_is_whoever_carries_the_telegram_id_now(tmp_path: Path, telegram: FakeTelegram):
    """Linked by the CRM, unlinked with it: an old link must not show another's orders."""
    services = make_services(tmp_path, telegram)
    with services.database.session() as session:
        customer = Customer(id="C1", telegram_id=MATE)
        session.add(customer)
        assert identify(session, services.settings, MATE, MATE, "en").customer_id == "C1"
        customer.telegram_id = THIEF
        session.add(customer)
        session.flush()
        assert identify(session, services.settings, MATE, MATE, "en").customer_id is None
        assert identify(session, services.settings, THIEF, THIEF, "en").customer_id == "C1"
