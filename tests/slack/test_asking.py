"""A question goes in as Slack sends it, the answer comes out where it belongs; over every connection and store."""

from __future__ import annotations

import pytest
from office import Office
from sqlalchemy import select

from assistant.store import inbox
from assistant.store.tables import Audit, Conversation, Inbox

REP, MANAGER, GUEST = "U0R001", "U0M001", "U0X999"


def test_a_mention_is_answered_in_its_thread(office: Office) -> None:
    message, deliveries = office.fake.people.say(REP, "@leadline what can you do?", "sales")
    assert [delivery.result().status for delivery in deliveries] == [200, 200]
    (answer,) = office.wait_for_posts(1)
    assert answer["thread_ts"] == message["ts"]
    assert answer["blocks"][0]["text"]["text"] == "**Liu Wei** asked <what can you do?>"
    assert answer["text"] == "*Liu Wei* asked &lt;what can you do?&gt;"


def test_a_mention_in_a_thread_is_answered_in_that_thread(office: Office) -> None:
    first = office.fake.people.say(MANAGER, "good morning", "sales")[0]
    office.fake.people.say(REP, "@leadline and now?", "sales", thread_ts=first["ts"])
    (answer,) = office.wait_for_posts(1)
    assert answer["thread_ts"] == first["ts"]


def test_a_direct_message_is_answered_without_a_thread(office: Office) -> None:
    office.fake.people.say(REP, "my leads please")
    (answer,) = office.wait_for_posts(1)
    assert answer["channel"] == office.fake.space.direct(REP).id
    assert "thread_ts" not in answer


def test_a_direct_message_in_a_thread_is_answered_there(office: Office) -> None:
    first, _ = office.fake.people.say(REP, "hello")
    office.fake.people.say(REP, "more of it", thread_ts=first["ts"])
    answers = office.wait_for_posts(2)
    assert [answer.get("thread_ts") for answer in answers if "more" in answer["text"]] == [first["ts"]]


def test_a_private_list_asked_in_a_channel_goes_to_the_asker_only(office: Office) -> None:
    message, _ = office.fake.people.say(REP, "@leadline show my leads", "sales")
    private, public = office.wait_for_posts(2)
    assert private["channel"] == office.fake.space.direct(REP).id
    assert "my leads" in private["text"]
    assert (public["channel"], public["thread_ts"]) == (office.fake.space.conversation("sales").id, message["ts"])
    assert public["text"] == "I sent you the answer in a direct message: it is for you only."
    assert "blocks" not in public


def test_the_public_line_speaks_the_language_of_the_answer(office: Office) -> None:
    office.fake.people.say(REP, "@leadline 今天打给哪些线索", "sales")
    assert office.wait_for_posts(2)[1]["text"] == "结果仅您本人可见，已私信发给您。"


def test_a_command_in_a_channel_is_answered_for_the_asker_alone(office: Office) -> None:
    assert office.fake.people.command(REP, "/leadline", "what can you do", "sales").result().status == 200
    (answer,) = office.wait_for_posts(1)
    assert answer["ephemeral_to"] == REP
    assert answer["channel"] == office.fake.space.conversation("sales").id


def test_a_command_for_a_private_list_whispers_one_line_and_sends_the_list(office: Office) -> None:
    office.fake.people.command(REP, "/leadline", "my leads", "sales")
    private, line = office.wait_for_posts(2)
    assert private["channel"] == office.fake.space.direct(REP).id
    assert line["ephemeral_to"] == REP
    assert "direct message" in line["text"]


def test_a_command_in_a_direct_message_is_answered_there(office: Office) -> None:
    office.fake.people.command(REP, "/leadline", "my leads")
    (answer,) = office.wait_for_posts(1)
    assert answer["channel"] == office.fake.space.direct(REP).id
    assert "ephemeral_to" not in answer


def test_a_choice_is_answered_as_the_whole_plan_it_carries(office: Office) -> None:
    message, _ = office.fake.people.say(REP, "@leadline which ones", "sales")
    (asked_back,) = office.wait_for_posts(1)
    assert office.fake.people.press(REP, "sales", asked_back["ts"], "choice:1").result().status == 200
    answer = office.wait_for_posts(2)[1]
    assert answer["blocks"][0]["text"]["text"] == 'Liu Wei chose {"kind": "leads", "owner": "my_team"}'
    assert answer["thread_ts"] == message["ts"]


def test_a_choice_is_answered_with_the_rights_of_who_presses_it(office: Office) -> None:
    office.fake.people.say(REP, "@leadline which ones", "sales")
    (asked_back,) = office.wait_for_posts(1)
    office.fake.people.press(GUEST, "sales", asked_back["ts"], "choice:0")
    assert "I do not know guest@elsewhere.example" in office.wait_for_posts(2)[1]["text"]


def test_a_choice_of_a_command_stays_between_the_two(office: Office) -> None:
    office.fake.people.command(REP, "/leadline", "which ones", "sales")
    (asked_back,) = office.wait_for_posts(1)
    office.fake.people.press(REP, "sales", asked_back["ts"], "choice:0")
    assert office.wait_for_posts(2)[1]["ephemeral_to"] == REP


def test_a_mention_that_also_arrives_as_a_message_is_one_question(office: Office) -> None:
    _, deliveries = office.fake.people.say(REP, "@leadline once only", "sales")
    assert len(deliveries) == 2
    office.wait_for_posts(1)
    office.settled()
    assert len(office.posts()) == 1


def test_an_event_delivered_three_times_is_answered_once(office: Office) -> None:
    _, deliveries = office.fake.people.say(REP, "say it once", times=3)
    assert [delivery.result().status for delivery in deliveries] == [200, 200, 200]
    office.wait_for_posts(1)
    office.settled()
    assert len(office.posts()) == 1


def test_somebody_unknown_gets_a_polite_refusal(office: Office) -> None:
    office.fake.people.say(GUEST, "my leads")
    assert "I do not know guest@elsewhere.example yet" in office.wait_for_posts(1)[0]["text"]


def test_an_asker_is_known_by_the_email_that_slack_vouches_for(office: Office) -> None:
    office.fake.people.say(MANAGER, "hello")
    assert "Wang Fang" in office.wait_for_posts(1)[0]["text"]


@pytest.mark.parametrize(
    ("number", "doubt"),
    [
        (1, {"team_id": "T0OTHER"}),
        (2, {"is_stranger": True}),
        (3, {"is_email_confirmed": False}),
        (4, {"deleted": True}),
        (5, {"team_id": "T0OTHER", "enterprise_user": {"enterprise_id": "E0OTHER"}}),
    ],
)
def test_an_email_that_our_slack_does_not_vouch_for_is_not_trusted(
    office: Office, number: int, doubt: dict[str, object]
) -> None:
    stranger = f"U0S00{number}"
    office.fake.space.add_user({"id": stranger, "name": "fang", "email": "wang.fang@demo.example", **doubt})
    office.fake.people.say(stranger, "hello")
    assert f"I do not know {stranger}" in office.wait_for_posts(1)[0]["text"]


def test_talk_among_people_is_not_answered(office: Office) -> None:
    office.fake.people.say(REP, "lunch?", "sales")[1][0].result()
    office.settled()
    assert office.posts() == []


def test_an_answer_leaves_a_conversation_and_two_audit_rows(office: Office) -> None:
    message, _ = office.fake.people.say(REP, "@leadline show my leads", "sales")
    office.wait_for_posts(2)
    office.settled()
    place = office.fake.space.conversation("sales").id
    with office.store.reading() as session:
        turn = session.execute(select(Conversation).order_by(Conversation.conversation_id.desc()).limit(1)).scalar_one()
        rows = session.execute(select(Audit).order_by(Audit.seq.desc()).limit(2)).scalars().all()
    assert (turn.thread, turn.person, turn.route) == (f"T0FAKE:{place}:{message['ts']}", "P001", "leads")
    assert [(row.kind, row.who) for row in reversed(rows)] == [("decided", "P001"), ("delivered", "P001")]


def test_long_work_shows_a_placeholder_that_becomes_the_answer(office: Office) -> None:
    message, _ = office.fake.people.say(REP, "@leadline a slow one", "sales")
    (placeholder,) = office.wait_for_posts(1)
    assert (placeholder["text"], placeholder["thread_ts"]) == ("Working on it…", message["ts"])
    office.settled()
    (answer,) = office.posts()
    assert answer["ts"] == placeholder["ts"]
    assert "a slow one" in answer["text"]


def test_short_work_posts_no_placeholder(office: Office) -> None:
    office.fake.people.say(REP, "a quick one")
    office.wait_for_posts(1)
    assert len(office.calls("chat.postMessage")) == 1
    assert office.calls("chat.update") == []


def test_a_private_answer_after_long_work_turns_the_placeholder_into_the_public_line(office: Office) -> None:
    office.fake.people.say(REP, "@leadline slow: my leads", "sales")
    office.wait_for_posts(2)
    office.settled()
    public, private = office.posts()
    assert public["text"] == "I sent you the answer in a direct message: it is for you only."
    assert "my leads" in private["text"]


def test_links_to_the_web_are_never_unfolded(office: Office) -> None:
    office.fake.people.say(REP, "hello")
    office.wait_for_posts(1)
    (given,) = office.calls("chat.postMessage")
    assert given["unfurl_links"] in (False, "0", "false")
    assert given["unfurl_media"] in (False, "0", "false")


def test_no_token_and_no_reply_address_stays_in_the_store(office: Office) -> None:
    office.fake.people.command(REP, "/leadline", "hello", "sales")
    office.wait_for_posts(1)
    office.settled()
    with office.store.reading() as session:
        kept = str([row.__dict__ for row in session.execute(select(Inbox)).scalars()])
    assert "xoxb" not in kept
    assert "fake-verification" not in kept
    assert "/commands/" not in kept
    assert inbox.counts(office.store, ["dead"]) == {"dead": 0}
