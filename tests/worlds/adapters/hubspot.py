"""A world as a warehouse copy of HubSpot: properties, their history with sources, pairs."""

from __future__ import annotations

from pathlib import Path

from tests.worlds.adapters.files import File, Style, write_files
from tests.worlds.adapters.masks import NOTHING, Mask
from tests.worlds.world import World


def _id(column: str) -> str:
    base = (
        f"case substr({column}, 1, 3) when '006' then 9000000000 when '001' then 7000000000"
        " when '003' then 5000000000 when '00T' then 3000000000 else 100000 end"
    )
    return f"(cast({base} + cast(substr({column}, 6, 10) as bigint) as varchar))"


_AUTHORS = {
    "property_hs_created_by_user_id": _id("created_by_id"),
    "property_hs_updated_by_user_id": _id("modified_by_id"),
}
_HISTORY_NAMES = (
    "case field when 'stage' then 'dealstage' when 'close_date' then 'closedate'"
    " when 'amount' then 'amount' when 'next_step' then 'hs_next_step'"
    " when 'probability' then 'hs_deal_stage_probability' when 'owner_id' then 'hubspot_owner_id'"
    " when 'forecast_category' then 'hs_manual_forecast_category' end"
)


def preparing() -> tuple[str, ...]:
    """Return the statements that make HubSpot's own tables out of the canonical ones."""
    pipelines = (
        "(select pipeline, row_number() over (order by pipeline) as p from world_deals group by 1)"
    )
    value = (
        "case when h.field = 'stage' then (select cast(s.stage_id as varchar) from world_stage_ids"
        " as s where s.pipeline = d.pipeline and s.name = {0})"
        f" when h.field = 'owner_id' then {_id('{0}')[1:-1]}"
        " else {0} end"
    )
    first = (
        "select record_id, field, min_by(old_value, changed_at) as value from world_field_history"
        " group by 1, 2"
    )
    return (
        f"create table world_stage_ids as select p.pipeline, s.name, s.rank, s.is_closed, s.is_won,"
        f" s.probability, cast(p.p * 100 + s.rank as varchar) as stage_id from world_stages as s"
        f" cross join {pipelines} as p order by stage_id",
        "create table world_hubspot_deals as select d.*, s.stage_id from world_deals as d"
        " left join world_stage_ids as s on s.pipeline = d.pipeline and s.name = d.stage"
        " order by d.id",
        # What another system's sync logs is to HubSpot the mail of an inbox that is connected.
        "create table world_hubspot_activities as select * replace (case source when 'EMAIL_SYNC'"
        " then 'EMAIL_INTEGRATION' else source end as source) from world_activities order by rowid",
        "create table world_property_history as"
        f" select h.record_id, {_HISTORY_NAMES} as name, {value.format('h.new_value')} as value,"
        " h.changed_at as stamp, h.source, h.user_id from world_field_history as h"
        " join world_deals as d on d.id = h.record_id union all"
        f" select h.record_id, {_HISTORY_NAMES} as name, {value.format('h.value')} as value,"
        " d.created_at as stamp, case when d.created_by_id = d.owner_id then 'CRM_UI' else 'IMPORT'"
        f" end as source, d.created_by_id as user_id from ({first}) as h"
        " join world_deals as d on d.id = h.record_id where h.value is not null"
        " order by stamp, record_id, name",
    )


FILES = {
    "owner.csv": File(
        "users",
        {
            "owner_id": _id("id"),
            "email": "email",
            "first_name": "(split_part(name, ' ', 1))",
            "last_name": "(substr(name, strpos(name, ' ') + 1))",
            "is_active": "is_active",
            "created_at": "created_at",
        },
    ),
    "team.csv": File("teams", {"id": _id("id"), "name": "name"}),
    "owner_team.csv": File(
        "users",
        {"owner_id": _id("id"), "team_id": _id("team_id"), "is_team_primary": "('true')"},
        rows="team_id is not null",
        needs="team_id",
    ),
    "company.csv": File(
        "accounts",
        {
            "id": _id("id"),
            "property_name": "name",
            "property_domain": "website",
            "property_industry": "industry",
            "property_type": "type",
            "property_phone": "phone",
            "property_address": "street",
            "property_city": "city",
            "property_zip": "postal_code",
            "property_country": "country",
            "property_numberofemployees": "employees",
            "property_hubspot_owner_id": _id("owner_id"),
            "property_createdate": "created_at",
            "property_hs_lastmodifieddate": "modified_at",
            **_AUTHORS,
            "is_deleted": "is_deleted",
        },
    ),
    "contact.csv": File(
        "contacts",
        {
            "id": _id("id"),
            "property_firstname": "first_name",
            "property_lastname": "last_name",
            "property_email": "email",
            "property_phone": "phone",
            "property_mobilephone": "mobile",
            "property_jobtitle": "title",
            "property_country": "country",
            "property_hs_analytics_source": "lead_source",
            "property_hubspot_owner_id": _id("owner_id"),
            "property_createdate": "created_at",
            "property_lastmodifieddate": "modified_at",
            **_AUTHORS,
            "is_deleted": "is_deleted",
        },
    ),
    "contact_company.csv": File(
        "contacts",
        {"contact_id": _id("id"), "company_id": _id("account_id"), "type_id": "('1')"},
        rows="account_id is not null",
        needs="account_id",
    ),
    "deal.csv": File(
        "deals",
        {
            "deal_id": _id("id"),
            "property_dealname": "name",
            "deal_pipeline_id": "pipeline",
            "deal_pipeline_stage_id": "(stage_id)",
            "property_amount": "amount",
            "property_deal_currency_code": "currency",
            "property_closedate": "(strftime(close_date, '%Y-%m-%dT00:00:00Z'))",
            "owner_id": _id("owner_id"),
            "property_createdate": "(strftime(created_at, '%Y-%m-%dT%H:%M:%SZ'))",
            "property_hs_lastmodifieddate": "(strftime(modified_at, '%Y-%m-%dT%H:%M:%SZ'))",
            "property_notes_last_updated": "(strftime(last_activity_at, '%Y-%m-%dT%H:%M:%SZ'))",
            "property_hs_is_closed": "(cast(is_closed as varchar))",
            "property_hs_is_closed_won": "(cast(is_won as varchar))",
            "property_hs_deal_stage_probability": "(cast(probability / 100 as varchar))",
            "property_hs_manual_forecast_category": "forecast_category",
            "property_hs_next_step": "next_step",
            "property_closed_lost_reason": "lost_reason",
            "property_dealtype": "type",
            "property_hs_analytics_source": "lead_source",
            "property_description": "description",
            **_AUTHORS,
            "is_deleted": "(cast(is_deleted as varchar))",
        },
        relation="hubspot_deals",
    ),
    "deal_company.csv": File(
        "deals",
        {"deal_id": _id("id"), "company_id": _id("account_id"), "type_id": "('5')"},
        rows="account_id is not null",
        needs="account_id",
    ),
    "deal_contact.csv": File(
        "deals",
        {"deal_id": _id("id"), "contact_id": _id("contact_id"), "type_id": "('3')"},
        rows="contact_id is not null",
        needs="contact_id",
    ),
    "deal_pipeline_stage.csv": File(
        "stages",
        {
            "stage_id": "(stage_id)",
            "pipeline_id": "pipeline",
            "label": "name",
            "display_order": "rank",
            "probability": "(cast(probability / 100 as varchar))",
            "is_closed": "(cast(is_closed as varchar))",
            "closed_won": "(cast(is_won as varchar))",
        },
        relation="stage_ids",
    ),
    "deal_property_history.csv": File(
        "field_history",
        {
            "deal_id": _id("record_id"),
            "name": "(name)",
            "timestamp": "(strftime(stamp, '%Y-%m-%dT%H:%M:%SZ'))",
            "value": "(value)",
            "source": "source",
            "source_id": "('userId:' || " + _id("user_id") + ")",
            "updated_by_user_id": _id("user_id"),
        },
        relation="property_history",
    ),
}

_ENGAGEMENTS = {
    "call": {"hs_call_title": "subject", "hs_call_body": "body"},
    "email": {"hs_email_subject": "subject", "hs_email_text": "body"},
    "meeting": {"hs_meeting_title": "subject", "hs_meeting_body": "body"},
    "note": {"hs_note_body": "body"},
    "task": {
        "hs_task_subject": "subject",
        "hs_task_body": "body",
        "hs_task_status": "(case when is_closed then 'COMPLETED' else 'NOT_STARTED' end)",
        "hs_task_completion_date": "completed_at",
    },
}
for _kind, _texts in _ENGAGEMENTS.items():
    FILES[f"engagement_{_kind}.csv"] = File(
        "activities",
        {
            "engagement_id": _id("id"),
            "type": f"('{_kind.upper()}')",
            # A note bears the moment at which it was written down.
            "hs_timestamp": "created_at"
            if _kind == "note"
            else "(strftime(coalesce(due_date, happened_at), '%Y-%m-%dT%H:%M:%SZ'))",
            **_texts,
            "hs_createdate": "created_at",
            "hubspot_owner_id": _id("owner_id"),
            "hs_created_by_user_id": _id("created_by_id"),
            "hs_object_source": "source",
        },
        rows=f"kind = '{_kind}'",
        relation="hubspot_activities",
    )
for _name, _key in (("deal", "deal_id"), ("company", "account_id"), ("contact", "contact_id")):
    FILES[f"engagement_{_name}.csv"] = File(
        "activities",
        {"engagement_id": _id("id"), f"{_name}_id": _id(_key), "type_id": "('1')"},
        rows=f"{_key} is not null",
        needs=_key,
    )


def write_hubspot(world: World, folder: Path, mask: Mask = NOTHING) -> None:
    """Write a world as a warehouse copy of HubSpot: no leads, no logins, no reports."""
    write_files(world, folder, FILES, Style(stamp="%Y-%m-%dT%H:%M:%SZ"), mask, preparing())
