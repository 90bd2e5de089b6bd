"""A world as the weekly export of Salesforce brings it: API names, ids with prefixes, UTC."""

from __future__ import annotations

from pathlib import Path

from tests.worlds.adapters.files import File, Style, write_files
from tests.worlds.adapters.masks import NOTHING, Mask
from tests.worlds.world import World

_MADE = {
    "CreatedDate": "created_at",
    "CreatedById": "created_by_id",
}
_AUDITED = {
    **_MADE,
    "LastModifiedDate": "modified_at",
    "LastModifiedById": "modified_by_id",
}
_ABOUT = {
    "WhoId": "(coalesce(lead_id, contact_id))",
    "WhatId": "(coalesce(deal_id, account_id))",
}
_FIELDS = (
    "(case field when 'stage' then 'StageName' when 'close_date' then 'CloseDate'"
    " when 'amount' then 'Amount' when 'next_step' then 'NextStep'"
    " when 'probability' then 'Probability' when 'owner_id' then 'Owner'"
    " when 'forecast_category' then 'ForecastCategoryName' end)"
)

FILES = {
    "User.csv": File(
        "users",
        {
            "Id": "id",
            "Name": "name",
            "Email": "email",
            "IsActive": "is_active",
            "Title": "title",
            "UserRoleId": "team_id",
            "UserType": "(case when is_integration then 'AutomatedProcess' else 'Standard' end)",
            "ManagerId": "manager_id",
            "LastLoginDate": "last_login_at",
            "CreatedDate": "created_at",
        },
    ),
    "UserRole.csv": File(
        "teams", {"Id": "id", "Name": "name", "DeveloperName": "(replace(name, ' ', '_'))"}
    ),
    "Account.csv": File(
        "accounts",
        {
            "Id": "id",
            "Name": "name",
            "OwnerId": "owner_id",
            "Type": "type",
            "Industry": "industry",
            "Website": "website",
            "Phone": "phone",
            "BillingStreet": "street",
            "BillingCity": "city",
            "BillingPostalCode": "postal_code",
            "BillingCountry": "country",
            "NumberOfEmployees": "employees",
            "SIREN__c": "siren",
            **_AUDITED,
            "IsDeleted": "is_deleted",
        },
    ),
    "Contact.csv": File(
        "contacts",
        {
            "Id": "id",
            "FirstName": "first_name",
            "LastName": "last_name",
            "AccountId": "account_id",
            "OwnerId": "owner_id",
            "Email": "email",
            "Phone": "phone",
            "MobilePhone": "mobile",
            "Title": "title",
            "MailingCountry": "country",
            "LeadSource": "lead_source",
            "IsEmailBounced": "email_bounced",
            **_AUDITED,
            "IsDeleted": "is_deleted",
        },
    ),
    "Lead.csv": File(
        "leads",
        {
            "Id": "id",
            "FirstName": "first_name",
            "LastName": "last_name",
            "Company": "company",
            "OwnerId": "owner_id",
            "Status": "status",
            "Email": "email",
            "Phone": "phone",
            "LeadSource": "lead_source",
            "IsConverted": "is_converted",
            "ConvertedDate": "converted_at",
            **_AUDITED,
            "IsDeleted": "is_deleted",
        },
    ),
    "Opportunity.csv": File(
        "deals",
        {
            "Id": "id",
            "Name": "name",
            "AccountId": "account_id",
            "ContactId": "contact_id",
            "OwnerId": "owner_id",
            "RecordType.Name": "pipeline",
            "StageName": "stage",
            "IsClosed": "is_closed",
            "IsWon": "is_won",
            "Amount": "amount",
            "CurrencyIsoCode": "currency",
            "Probability": "probability",
            "ForecastCategoryName": "forecast_category",
            "CloseDate": "close_date",
            "NextStep": "next_step",
            "Loss_Reason__c": "lost_reason",
            "Type": "type",
            "LeadSource": "lead_source",
            "Description": "description",
            "LastStageChangeDate": "stage_changed_at",
            "LastActivityDate": "(strftime(last_activity_at, '%Y-%m-%d'))",
            **_AUDITED,
            "IsDeleted": "is_deleted",
        },
        keeps_own=True,
    ),
    "OpportunityStage.csv": File(
        "stages",
        {
            "Id": "id",
            "MasterLabel": "name",
            "ApiName": "name",
            "SortOrder": "rank",
            "IsActive": "('true')",
            "IsClosed": "is_closed",
            "IsWon": "is_won",
            "DefaultProbability": "probability",
        },
    ),
    "OpportunityFieldHistory.csv": File(
        "field_history",
        {
            "Id": "id",
            "OpportunityId": "record_id",
            "Field": _FIELDS,
            "OldValue": "old_value",
            "NewValue": "new_value",
            "CreatedDate": "changed_at",
            "CreatedById": "user_id",
        },
    ),
    "Task.csv": File(
        "activities",
        {
            "Id": "id",
            **_ABOUT,
            "Subject": "subject",
            "Description": "body",
            "ActivityDate": "(strftime(coalesce(due_date, happened_at), '%Y-%m-%d'))",
            "Status": "status",
            "IsClosed": "is_closed",
            "TaskSubtype": "(case kind when 'call' then 'Call' when 'email' then 'Email'"
            " else 'Task' end)",
            "CompletedDateTime": "completed_at",
            "OwnerId": "owner_id",
            **_AUDITED,
        },
        rows="kind in ('task', 'call', 'email')",
    ),
    "Event.csv": File(
        "activities",
        {
            "Id": "(replace(id, '00T', '00U'))",
            **_ABOUT,
            "Subject": "subject",
            "Description": "body",
            "StartDateTime": "happened_at",
            "DurationInMinutes": "('60')",
            "OwnerId": "owner_id",
            **_AUDITED,
        },
        rows="kind = 'meeting'",
    ),
    "Note.csv": File(
        "activities",
        {
            "Id": "(replace(id, '00T', '002'))",
            "ParentId": "(coalesce(deal_id, account_id))",
            "Title": "subject",
            "Body": "body",
            "OwnerId": "owner_id",
            **_AUDITED,
        },
        rows="kind = 'note'",
    ),
    "ContentVersion.csv": File(
        "attachments",
        {
            "Id": "id",
            "Title": "(regexp_replace(name, '\\.[a-z]+$', ''))",
            "PathOnClient": "name",
            "FileExtension": "extension",
            "FirstPublishLocationId": "record_id",
            "OwnerId": "owner_id",
            **_MADE,
        },
    ),
    "LoginHistory.csv": File(
        "logins",
        {
            "Id": "id",
            "UserId": "user_id",
            "LoginTime": "logged_in_at",
            "LoginType": "kind",
            "Status": "('Success')",
        },
    ),
    "Report.csv": File(
        "analytics",
        {
            "Id": "id",
            "Name": "name",
            "FolderName": "folder",
            "OwnerId": "owner_id",
            "LastRunDate": "last_run_at",
            **_AUDITED,
        },
        rows="kind = 'report'",
    ),
    "Dashboard.csv": File(
        "analytics",
        {
            "Id": "(replace(id, '00O', '01Z'))",
            "Title": "name",
            "FolderName": "folder",
            "Type": "('LoggedInUser')",
            **_AUDITED,
        },
        rows="kind = 'dashboard'",
    ),
}


def write_salesforce(world: World, folder: Path, mask: Mask = NOTHING, **style: object) -> None:
    """Write a world as Salesforce would export it."""
    write_files(world, folder, FILES, Style(**style), mask)  # type: ignore[arg-type]
