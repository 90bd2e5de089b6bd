"""The canonical model: one word for one thing, whatever the CRM calls it.

Every connector fills these tables; every check reads them. All tables and all columns always
exist in a snapshot. Whether a column was really supplied is told by the snapshot's
capabilities, never by the presence of a column.
"""

from __future__ import annotations

from connectors.columns import Column, Kind, Table

__all__ = ["EXAMINED_TABLES", "RECORD_TABLES", "TABLES", "Column", "Kind", "Table"]


def _key(name: str, meaning: str, target: str | None = None) -> Column:
    return Column(name, Kind.KEY, meaning, target=target)


def _text(name: str, meaning: str, *, person: bool = False) -> Column:
    return Column(name, Kind.TEXT, meaning, person=person)


def _date(name: str, meaning: str) -> Column:
    return Column(name, Kind.DATE, meaning)


def _stamp(name: str, meaning: str, *, by_system: bool = True) -> Column:
    return Column(name, Kind.STAMP, meaning, written_by_system=by_system)


def _flag(name: str, meaning: str) -> Column:
    return Column(name, Kind.FLAG, meaning)


_ID = _key("id", "identifier of the record in the CRM")
_OWNER = _key("owner_id", "user who owns the record", "users")
_CREATED = (
    _stamp("created_at", "when the record was created"),
    _key("created_by_id", "user who created the record", "users"),
)
_MODIFIED = (
    _stamp("modified_at", "when the record was last modified, by a person or a process"),
    _key("modified_by_id", "user who last modified the record", "users"),
    _stamp("viewed_at", "when the exporting user last viewed the record"),
)
_LAST_ACTIVITY = _stamp(
    "last_activity_at", "day of the last activity; may lie in the future", by_system=False
)
_REMOVAL = (
    _flag("is_deleted", "in the recycle bin"),
    _flag("is_archived", "archived by the CRM"),
    _key("merged_into_id", "record that this one was merged into"),
)
_PERSON_NAME = (
    _text("name", "full name", person=True),
    _text("first_name", "first name", person=True),
    _text("last_name", "last name", person=True),
)
_REACH = (
    _text("email", "mail address", person=True),
    _text("phone", "phone number", person=True),
    _text("mobile", "mobile number", person=True),
)
_PLACE = (
    _text("street", "street"),
    _text("city", "city"),
    _text("postal_code", "postal code"),
    _text("region", "state, province or region"),
    _text("country", "country as written in the CRM"),
)

USERS = Table(
    "users",
    "people (and integrations) who own or change records",
    (
        _ID,
        _text("name", "full name", person=True),
        _text("email", "mail address", person=True),
        _flag("is_active", "may still log in"),
        _flag("is_integration", "belongs to a program, not to a person"),
        _text("title", "job title"),
        _text("role", "role or profile"),
        _key("team_id", "team", "teams"),
        _key("manager_id", "manager", "users"),
        _stamp("last_login_at", "last login"),
        *_CREATED[:1],
    ),
)
TEAMS = Table("teams", "teams or role groups", (_ID, _text("name", "name of the team")))
ACCOUNTS = Table(
    "accounts",
    "companies, households or sites that are sold to",
    (
        _ID,
        _text("name", "name of the account"),
        _OWNER,
        _text("type", "customer, prospect, partner..."),
        _text("industry", "sector"),
        _text("website", "web site or domain"),
        _text("email", "general mail address"),
        _text("phone", "switchboard"),
        *_PLACE,
        _text("siren", "French company number, 9 digits"),
        _text("siret", "French establishment number, 14 digits"),
        _text("vat_number", "VAT number with country prefix"),
        Column("employees", Kind.INTEGER, "number of employees"),
        Column("annual_revenue", Kind.MONEY, "annual revenue"),
        _key("parent_id", "parent account", "accounts"),
        *_CREATED,
        *_MODIFIED,
        _LAST_ACTIVITY,
        *_REMOVAL,
    ),
)
CONTACTS = Table(
    "contacts",
    "people at accounts",
    (
        _ID,
        *_PERSON_NAME,
        _key("account_id", "account that the contact works for", "accounts"),
        _OWNER,
        *_REACH,
        _text("title", "job title"),
        *_PLACE,
        _text("lead_source", "where the contact came from"),
        _flag("email_bounced", "mail to this address bounced"),
        *_CREATED,
        *_MODIFIED,
        _LAST_ACTIVITY,
        *_REMOVAL,
    ),
)
LEADS = Table(
    "leads",
    "people or companies not qualified yet",
    (
        _ID,
        *_PERSON_NAME,
        _text("company", "company as typed"),
        _OWNER,
        _text("status", "status of the lead"),
        *_REACH,
        _text("title", "job title"),
        *_PLACE,
        _text("lead_source", "where the lead came from"),
        _flag("is_converted", "was turned into a contact or deal"),
        _stamp("converted_at", "when it was converted"),
        *_CREATED,
        *_MODIFIED,
        _LAST_ACTIVITY,
        *_REMOVAL,
    ),
)
DEALS = Table(
    "deals",
    "sales in progress or closed (opportunities, transactions, affaires)",
    (
        _ID,
        _text("name", "name of the deal"),
        _key("account_id", "account that buys", "accounts"),
        _key("contact_id", "main contact", "contacts"),
        _OWNER,
        _text("pipeline", "pipeline or record type"),
        _text("stage", "stage as written in the CRM"),
        _text("status", "open, won or lost as written in the CRM"),
        _flag("is_closed", "closed according to the CRM"),
        _flag("is_won", "won according to the CRM"),
        Column("amount", Kind.MONEY, "value of the deal"),
        _text("currency", "currency of the amount"),
        Column("probability", Kind.NUMBER, "probability of winning, 0 to 100"),
        _text("forecast_category", "forecast category"),
        _date("close_date", "announced close date while open, real one once closed"),
        _text("next_step", "what happens next, as typed"),
        _stamp("next_activity_at", "next planned activity", by_system=False),
        _text("lost_reason", "why the deal was lost"),
        _text("type", "new business, renewal..."),
        _text("lead_source", "where the deal came from"),
        _text("description", "free text"),
        _flag("has_open_activity", "has an open task or meeting"),
        _flag("has_overdue_task", "has an overdue task"),
        _stamp("stage_changed_at", "when the stage last changed"),
        *_CREATED,
        *_MODIFIED,
        _LAST_ACTIVITY,
        *_REMOVAL,
    ),
)
STAGES = Table(
    "stages",
    "stages of the pipelines, with their order",
    (
        _ID,
        _text("name", "label of the stage"),
        _text("pipeline", "pipeline that the stage belongs to"),
        Column("rank", Kind.INTEGER, "position from 1; empty when the order is unknown"),
        _flag("is_closed", "ends the deal"),
        _flag("is_won", "ends it as won"),
        Column("probability", Kind.NUMBER, "default probability, 0 to 100"),
    ),
)
ACTIVITIES = Table(
    "activities",
    "tasks, meetings, calls, mails and notes",
    (
        _ID,
        _text("kind", "task, event, call, email, meeting, note or other"),
        _text("subject", "subject"),
        _text("body", "text"),
        _OWNER,
        _key("deal_id", "deal", "deals"),
        _key("account_id", "account", "accounts"),
        _key("contact_id", "contact", "contacts"),
        _key("lead_id", "lead", "leads"),
        _stamp("happened_at", "when it took place or is planned", by_system=False),
        _date("due_date", "due date"),
        _stamp("completed_at", "when it was completed"),
        _text("status", "status as written in the CRM"),
        _flag("is_closed", "done"),
        _text("source", "how the row was made: by hand, sync, import"),
        *_CREATED,
        *_MODIFIED[:2],
        *_REMOVAL[:2],
    ),
)
FIELD_HISTORY = Table(
    "field_history",
    "who changed which field, when",
    (
        _ID,
        _text("table_name", "canonical table of the changed record"),
        _key("record_id", "changed record"),
        _text("field", "canonical or source name of the field"),
        _text("old_value", "value before"),
        _text("new_value", "value after"),
        _stamp("changed_at", "when"),
        _key("user_id", "by whom", "users"),
        _text("source", "user interface, API, import, calculation..."),
    ),
)
ATTACHMENTS = Table(
    "attachments",
    "files on records",
    (
        _ID,
        _text("name", "file name"),
        _text("extension", "file extension"),
        _key("record_id", "record that carries the file"),
        _OWNER,
        *_CREATED,
    ),
)
LOGINS = Table(
    "logins",
    "logins of users",
    (_ID, _key("user_id", "user", "users"), _stamp("logged_in_at", "when"), _text("kind", "how")),
)
ANALYTICS = Table(
    "analytics",
    "reports and dashboards",
    (
        _ID,
        _text("kind", "report or dashboard"),
        _text("name", "name"),
        _text("folder", "folder"),
        _OWNER,
        _stamp("last_run_at", "last run by anybody"),
        *_CREATED,
        *_MODIFIED[:2],
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        USERS,
        TEAMS,
        ACCOUNTS,
        CONTACTS,
        LEADS,
        DEALS,
        STAGES,
        ACTIVITIES,
        FIELD_HISTORY,
        ATTACHMENTS,
        LOGINS,
        ANALYTICS,
    )
}

#: Tables that are audited record by record; the others explain them.
RECORD_TABLES = ("deals", "accounts", "contacts", "leads", "activities")

#: Tables that checks may examine: the records, who works with them, and the reports on them.
EXAMINED_TABLES = (*RECORD_TABLES, "users", "analytics")
