"""The objects of the fake org and their fields, as an org has them: more than an export shows."""

from __future__ import annotations

from dataclasses import dataclass

_MADE = "CreatedDate:datetime CreatedById:User"
_KEPT = (
    f"{_MADE} LastModifiedDate:datetime LastModifiedById:User SystemModstamp:datetime"
    " IsDeleted:boolean"
)
_SEEN = "LastViewedDate:datetime LastReferencedDate:datetime"
_ACTIVITY = (
    "Id:id WhoId:reference WhatId:reference Subject:combobox Description:textarea OwnerId:User"
    f" AccountId:Account ActivityDate:date IsArchived:boolean {_KEPT}"
)
_CHANGE = f"Id:id Field:picklist OldValue:anyvalue NewValue:anyvalue IsDeleted:boolean {_MADE}"

#: Object to its fields with their types; a type that is an object's name is a reference to it.
OBJECTS = {
    "Organization": "Id:id Name:string IsSandbox:boolean OrganizationType:picklist"
    " InstanceName:string TimeZoneSidKey:picklist DefaultLocaleSidKey:picklist",
    "User": "Id:id Username:string Name:string FirstName:string LastName:string Email:email"
    " IsActive:boolean Title:string UserRoleId:UserRole ProfileId:Profile UserType:picklist"
    " ManagerId:User LastLoginDate:datetime TimeZoneSidKey:picklist Address:address"
    f" {_MADE} SystemModstamp:datetime",
    "UserRole": "Id:id Name:string DeveloperName:string ParentRoleId:UserRole"
    " SystemModstamp:datetime",
    "RecordType": "Id:id Name:string DeveloperName:string SobjectType:picklist IsActive:boolean",
    "Account": "Id:id Name:string OwnerId:User Type:picklist Industry:picklist Website:url"
    " Phone:phone BillingStreet:textarea BillingCity:string BillingPostalCode:string"
    " BillingState:string BillingCountry:string BillingAddress:address ParentId:Account"
    " NumberOfEmployees:int AnnualRevenue:currency SIREN__c:string LastActivityDate:date"
    " IsPersonAccount:boolean PersonContactId:Contact PersonEmail:email"
    f" MasterRecordId:Account {_SEEN} {_KEPT}",
    "Contact": "Id:id Name:string FirstName:string LastName:string AccountId:Account OwnerId:User"
    " Email:email Phone:phone MobilePhone:phone Title:string MailingStreet:textarea"
    " MailingCity:string MailingPostalCode:string MailingState:string MailingCountry:string"
    " MailingAddress:address LeadSource:picklist IsEmailBounced:boolean LastActivityDate:date"
    f" MasterRecordId:Contact {_SEEN} {_KEPT}",
    "Lead": "Id:id Name:string FirstName:string LastName:string Company:string OwnerId:User"
    " Status:picklist Email:email Phone:phone MobilePhone:phone Title:string LeadSource:picklist"
    " Street:textarea City:string PostalCode:string State:string Country:string Address:address"
    " IsConverted:boolean ConvertedDate:date LastActivityDate:date MasterRecordId:Lead"
    f" {_SEEN} {_KEPT}",
    "Opportunity": "Id:id Name:string AccountId:Account ContactId:Contact OwnerId:User"
    " RecordTypeId:RecordType StageName:picklist IsClosed:boolean IsWon:boolean Amount:currency"
    " CurrencyIsoCode:picklist Probability:percent ForecastCategory:picklist"
    " ForecastCategoryName:picklist CloseDate:date NextStep:string Loss_Reason__c:picklist"
    " Type:picklist LeadSource:picklist Description:textarea LastStageChangeDate:datetime"
    " LastActivityDate:date PushCount:int HasOpportunityLineItem:boolean Unused__c:string"
    f" Notes__c:textarea Budget_Confirmed__c:string {_SEEN} {_KEPT}",
    "OpportunityStage": "Id:id MasterLabel:string ApiName:string SortOrder:int IsActive:boolean"
    " IsClosed:boolean IsWon:boolean DefaultProbability:percent",
    "OpportunityFieldHistory": f"OpportunityId:Opportunity {_CHANGE}",
    "OpportunityHistory": "Id:id OpportunityId:Opportunity StageName:picklist Amount:currency"
    " CloseDate:date Probability:percent ForecastCategory:picklist SystemModstamp:datetime"
    f" IsDeleted:boolean {_MADE}",
    "AccountHistory": f"AccountId:Account {_CHANGE}",
    "ContactHistory": f"ContactId:Contact {_CHANGE}",
    "LeadHistory": f"LeadId:Lead {_CHANGE}",
    "EmailMessage": "Id:id ActivityId:reference RelatedToId:reference Subject:string"
    f" MessageDate:datetime FromAddress:string Incoming:boolean TextBody:textarea {_KEPT}",
    "OpportunityContactRole": "Id:id OpportunityId:Opportunity ContactId:Contact Role:picklist"
    f" IsPrimary:boolean {_KEPT}",
    "Task": f"{_ACTIVITY} Status:picklist IsClosed:boolean TaskSubtype:picklist Priority:picklist"
    " CompletedDateTime:datetime",
    "Event": f"{_ACTIVITY} StartDateTime:datetime EndDateTime:datetime DurationInMinutes:int"
    " IsAllDayEvent:boolean EventSubtype:picklist",
    "Note": f"Id:id ParentId:reference Title:string Body:textarea OwnerId:User {_KEPT}",
    "ContentVersion": "Id:id ContentDocumentId:reference Title:string PathOnClient:string"
    " FileExtension:string IsLatest:boolean FirstPublishLocationId:reference OwnerId:User"
    f" VersionData:base64 {_MADE} SystemModstamp:datetime",
    "ContentDocumentLink": "Id:id ContentDocumentId:reference LinkedEntityId:reference"
    " ShareType:picklist Visibility:picklist IsDeleted:boolean SystemModstamp:datetime",
    "UserLogin": "Id:id UserId:User IsFrozen:boolean IsPasswordLocked:boolean"
    " LastModifiedDate:datetime LastModifiedById:User",
    "CurrencyType": "Id:id IsoCode:picklist ConversionRate:double DecimalPlaces:int"
    f" IsActive:boolean IsCorporate:boolean {_MADE} SystemModstamp:datetime",
    "DatedConversionRate": "Id:id IsoCode:picklist StartDate:date NextStartDate:date"
    f" ConversionRate:double {_MADE} SystemModstamp:datetime",
    "ForecastingItem": "Id:id OwnerId:User ForecastAmount:currency"
    " AmountWithoutAdjustments:currency ForecastCategoryName:picklist SystemModstamp:datetime",
    "ForecastingAdjustment": "Id:id ForecastingItemId:ForecastingItem AdjustedAmount:currency"
    f" AdjustmentNote:textarea IsAmount:boolean {_MADE} SystemModstamp:datetime",
    "ForecastingOwnerAdjustment": "Id:id ForecastingItemId:ForecastingItem"
    f" OwnerAdjustedAmount:currency IsAmount:boolean {_MADE} SystemModstamp:datetime",
    "LoginHistory": "Id:id UserId:User LoginTime:datetime LoginType:picklist SourceIp:string"
    " Status:string",
    "Report": "Id:id Name:string DeveloperName:string FolderName:string OwnerId:User"
    f" Format:picklist LastRunDate:datetime {_SEEN} {_KEPT}",
    "Dashboard": f"Id:id Title:string FolderName:string Type:picklist {_SEEN} {_KEPT}",
}  # fmt: skip

#: What the Tooling API answers on Setup; objects are known by their names there.
TOOLING = {
    "EntityDefinition": "Id:id QualifiedApiName:string",
    "FieldDefinition": "Id:id EntityDefinitionId:EntityDefinition QualifiedApiName:string"
    " IsFieldHistoryTracked:boolean DataType:string",
    "ValidationRule": "Id:id EntityDefinitionId:EntityDefinition ValidationName:string"
    " Active:boolean ErrorDisplayField:string ErrorMessage:string Metadata:complexvalue",
}

#: Fields whose history is tracked unless somebody switches it off.
TRACKED = frozenset(("Opportunity", name) for name in ("StageName", "Amount", "CloseDate",
                    "OwnerId", "NextStep"))  # fmt: skip

#: Flags that are true unless an export says otherwise.
TRUE_BY_DEFAULT = {("ContentVersion", "IsLatest")}

#: What an org only has where it was switched on, by the name of that.
FEATURES = {
    "multiple currencies": ("CurrencyType",),
    "dated rates": ("DatedConversionRate",),
    "person accounts": (
        "Account.IsPersonAccount",
        "Account.PersonContactId",
        "Account.PersonEmail",
    ),
}

#: Fields that nobody can leave empty; ids, stamps and owners are filled by the org itself.
REQUIRED = frozenset(
    {
        ("Opportunity", "Name"), ("Opportunity", "StageName"), ("Opportunity", "CloseDate"),
        ("Account", "Name"), ("Contact", "LastName"), ("Lead", "LastName"), ("Lead", "Company"),
    }
)  # fmt: skip

#: Only answered where the ids of one of these are named.
BY_ID_ONLY = {"ContentDocumentLink": ("ContentDocumentId", "LinkedEntityId")}

#: Told of one row at a time.
ONE_AT_A_TIME = ("Metadata", "FullName")

#: Refused by the Bulk API.
NOT_IN_BULK = frozenset({"OpportunityStage", "UserRole", "Organization", "RecordType"})

PREFIXES = {
    "User": "005", "UserRole": "00E", "Account": "001", "Contact": "003", "Lead": "00Q",
    "Opportunity": "006", "Task": "00T", "Event": "00U", "Note": "002", "RecordType": "012",
    "OpportunityContactRole": "00K", "ContentVersion": "068", "Organization": "00D",
}  # fmt: skip


@dataclass(frozen=True)
class FakeField:
    """One field of an object."""

    name: str
    type: str
    target: str = ""
    required: bool = False

    @property
    def sql_type(self) -> str:
        """How the fake keeps it."""
        return {
            "boolean": "BOOLEAN",
            "datetime": "TIMESTAMP",
            "date": "DATE",
            "int": "BIGINT",
            "currency": "DECIMAL(18,2)",
            "percent": "DECIMAL(9,2)",
            "double": "DOUBLE",
        }.get(self.type, "VARCHAR")

    def described(self) -> dict[str, object]:
        """Return the field as describe does."""
        reference = self.type == "reference"
        return {
            "name": self.name,
            "label": self.name,
            "type": "anyType" if self.type == "anyvalue" else self.type,
            "custom": self.name.endswith("__c"),
            "aggregatable": self.type not in ("textarea", "address", "base64"),
            "filterable": self.type not in ("textarea", "base64"),
            "nillable": self.name != "Id" and not self.required,
            "createable": self.name not in ("Id", "CreatedDate", "LastModifiedDate"),
            "defaultedOnCreate": self.type == "boolean" or self.name == "OwnerId",
            "compoundFieldName": None,
            "referenceTo": [self.target] if self.target else [],
            "relationshipName": self.name.removesuffix("Id")
            if reference and self.name.endswith("Id")
            else None,
        }


def fields_of(name: str) -> list[FakeField]:
    """Return the fields of an object."""
    known = {**OBJECTS, **TOOLING}
    fields = []
    for item in known[name].split():
        field, _, kind = item.partition(":")
        target = kind if kind in known or kind == "Profile" else ""
        required = (name, field) in REQUIRED
        fields.append(FakeField(field, "reference" if target else kind, target, required))
    return fields
