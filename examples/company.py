"""An invented company that sells refrigeration, as its CRM would look if it were well kept.

Every record made here is clean: whatever a check finds in the example was planted by
``examples.defects``. Names, phone numbers (ranges that the French regulator reserves for
fiction) and mail domains (``.example``) belong to nobody.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

#: A Friday; the greatest system stamp of the export falls on it.
AS_OF = date(2026, 10, 30)
EXPORTED_AT = datetime(2026, 10, 30, 16, 42, tzinfo=UTC)

Record = dict[str, str]

STAGES = (
    ("Qualification", 10),
    ("Découverte", 25),
    ("Proposition", 50),
    ("Négociation", 75),
    ("Accord verbal", 90),
)
TEAMS = ("Commerce Nord", "Commerce Sud", "Grands comptes")
REPS = (
    ("Amandine Roussel", 0),
    ("Karim Benali", 0),
    ("Sophie Lemarchand", 0),
    ("Thibault Garnier", 0),
    ("Inès Castaldi", 1),
    ("Marc Delaunay", 1),
    ("Nathalie Ferrand", 1),
    ("Youssef Amrani", 1),
    ("Claire Vautrin", 2),
    ("Olivier Prévost", 2),
    ("Hélène Schmitt", 2),
)
TRADES = (
    ("Fromagerie", "Agroalimentaire"),
    ("Laiterie", "Agroalimentaire"),
    ("Charcuterie", "Agroalimentaire"),
    ("Conserverie", "Agroalimentaire"),
    ("Brasserie", "Boissons"),
    ("Distillerie", "Boissons"),
    ("Hôtel", "Hôtellerie"),
    ("Clinique", "Santé"),
    ("Laboratoire", "Santé"),
    ("Entrepôts", "Logistique"),
    ("Supermarchés", "Distribution"),
    ("Primeurs", "Distribution"),
)
PLACES = (
    "Aubeterre", "Bellegarde", "Chantenay", "Dourdan", "Esquirol", "Fontbrune", "Gravelines",
    "Hautefort", "Issoire", "Jumièges", "Kerlouan", "Lormont", "Montsalvy", "Nérac", "Oloron",
    "Peyrehorade", "Quintenas", "Roquebrou", "Salignac", "Tournemire", "Uzerche", "Valbonne",
    "Wissembourg", "Xaintrailles", "Yvetot", "Zonza", "Cazaubon", "Florensac", "Mirepoix",
    "Trébeurden", "Plouharnel", "Barjac", "Douarnenez", "Luxeuil", "Sancerre",
)  # fmt: skip
CITIES = (
    ("Lille", "59000"), ("Rouen", "76000"), ("Amiens", "80000"), ("Reims", "51100"),
    ("Lyon", "69003"), ("Grenoble", "38000"), ("Annecy", "74000"), ("Dijon", "21000"),
    ("Marseille", "13008"), ("Toulouse", "31000"), ("Bordeaux", "33000"), ("Nantes", "44000"),
)  # fmt: skip
FIRST_NAMES = (
    "Adèle", "Bastien", "Camille", "Damien", "Élodie", "Fabrice", "Gaëlle", "Hugo", "Isabelle",
    "Jérôme", "Karine", "Laurent", "Mathilde", "Nicolas", "Odile", "Philippe", "Quentin",
    "Rachel", "Stéphane", "Tiphaine", "Ulysse", "Valérie", "William", "Xavière", "Yohann", "Zoé",
)  # fmt: skip
LAST_NAMES = (
    "Abadie", "Barbier", "Carpentier", "Duvivier", "Estrade", "Fourcade", "Guillemot", "Hamelin",
    "Imbault", "Joubert", "Kervella", "Lacombe", "Marchetti", "Noblet", "Ollivier", "Pasquier",
    "Quéméner", "Rivoire", "Sabatier", "Tessier", "Urbain", "Vasseur", "Wagner", "Ximenez",
    "Yvon", "Zeller", "Na", "Chabrol", "Desnoyers", "Lhermitte",
)  # fmt: skip
TITLES = ("Directeur technique", "Responsable achats", "Gérant", "Chef de cuisine", "Qualité")
PROJECTS = (
    "Chambre froide", "Tunnel de surgélation", "Vitrines réfrigérées", "Groupe frigorifique",
    "Contrat de maintenance", "Cellule de refroidissement", "Extension entrepôt négatif",
    "Mise aux normes fluides", "Télésurveillance des températures",
)  # fmt: skip
NEXT_STEPS = (
    "Envoyer le devis révisé", "Visite du site avec le bureau d'études", "Appeler après le comité",
    "Valider le planning de pose", "Présenter la variante basse consommation",
    "Relancer sur le bon de commande", "Réunion avec le directeur technique",
)  # fmt: skip
LOST_REASONS = ("Prix", "Délai", "Concurrent", "Projet abandonné", "Budget reporté")
SOURCES = ("Salon", "Recommandation", "Site internet", "Prospection", "Partenaire")


@dataclass
class Company:
    """The tables of the export, by file name, and the defects planted in them.

    Attributes:
        planted: Ids of the records that were given a defect, by check.
        logged: Tasks logged so far, those removed since included.
    """

    random: Random
    users: list[Record] = field(default_factory=list)
    accounts: list[Record] = field(default_factory=list)
    contacts: list[Record] = field(default_factory=list)
    leads: list[Record] = field(default_factory=list)
    deals: list[Record] = field(default_factory=list)
    tasks: list[Record] = field(default_factory=list)
    planted: dict[str, set[str]] = field(default_factory=dict)
    logged: int = 0

    def files(self) -> dict[str, list[Record]]:
        """Return the records by the name of the file that holds them."""
        return {
            "User.csv": self.users,
            "Account.csv": self.accounts,
            "Contact.csv": self.contacts,
            "Lead.csv": self.leads,
            "Opportunity.csv": self.deals,
            "Task.csv": self.tasks,
        }

    def plant(self, check_id: str, record: Record) -> None:
        """Note that a record was given a defect on purpose."""
        self.planted.setdefault(check_id, set()).add(record["Id"])


def well_kept_company(seed: int, *, accounts: int = 420, deals: int = 1450) -> Company:
    """Return a company whose CRM no check would complain about."""
    company = Company(Random(seed))
    _hire(company)
    for number in range(accounts):
        _open_account(company, number)
    for number in range(180):
        _capture_lead(company, number)
    for number in range(deals):
        _run_deal(company, number)
    return company


def stamp(moment: datetime) -> str:
    """Write a moment as Salesforce's weekly export does, in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def days_ago(random: Random, earliest: int, latest: int) -> datetime:
    """Return a moment in office hours between two numbers of days before the audit."""
    day = EXPORTED_AT - timedelta(days=random.randint(latest, earliest))
    return day.replace(hour=random.randint(7, 16), minute=random.randint(0, 41), second=0)


def log_task(
    company: Company, deal: Record, moment: datetime, *, lead: Record | None = None
) -> None:
    """Add a call that was done at that moment."""
    random = company.random
    company.logged += 1
    company.tasks.append(
        {
            "Id": salesforce_id("00T", company.logged),
            "WhoId": (lead or deal).get("Id" if lead else "ContactId", ""),
            "WhatId": "" if lead else deal["Id"],
            "Subject": random.choice(("Appel", "Visite", "Courriel", "Rendez-vous")),
            "ActivityDate": moment.date().isoformat(),
            "Status": "Completed",
            "IsClosed": "true",
            "OwnerId": (lead or deal)["OwnerId"],
            "CreatedDate": stamp(moment),
            "CreatedById": (lead or deal)["OwnerId"],
            "TaskSubtype": "Call",
        }
    )


def salesforce_id(prefix: str, number: int) -> str:
    """Return an 18-character identifier of the usual shape."""
    return f"{prefix}7Q0000{number:06d}AAA"


def _hire(company: Company) -> None:
    people = [(name, TEAMS[team], "true") for name, team in REPS]
    people += [("Bernard Maillard", "Direction commerciale", "true")]
    people += [("Patrice Lenoir", TEAMS[1], "false")]
    for number, (name, role, active) in enumerate(people):
        first, last = name.split(" ", 1)
        company.users.append(
            {
                "Id": salesforce_id("005", number),
                "FirstName": first,
                "LastName": last,
                "Name": name,
                "Email": f"commercial{number:02d}@alpes-froid.example",
                "IsActive": active,
                "Title": "Ingénieur commercial" if number < len(REPS) else "",
                "UserRoleName": role,
                "LastLoginDate": stamp(days_ago(company.random, 6, 0)),
                "CreatedDate": stamp(datetime(2024, 1, 8, 9, 0, tzinfo=UTC)),
            }
        )


def _owner(company: Company) -> str:
    return company.users[company.random.randrange(len(REPS))]["Id"]


def _open_account(company: Company, number: int) -> None:
    random = company.random
    trade, industry = TRADES[number % len(TRADES)]
    name = f"{trade} {PLACES[number // len(TRADES) % len(PLACES)]}"
    city, postal_code = CITIES[(number * 7) % len(CITIES)]
    domain = f"{_plain(trade)}-{_plain(PLACES[number // len(TRADES) % len(PLACES)])}.example"
    created = days_ago(random, 900, 200)
    modified = days_ago(random, 150, 1)
    company.accounts.append(
        {
            "Id": salesforce_id("001", number),
            "Name": name,
            "Type": random.choice(("Client", "Prospect")),
            "Industry": industry,
            "Website": f"www.{domain}",
            "Phone": f"04 65 71 {number // 100:02d} {number % 100:02d}",
            "BillingStreet": f"{random.randint(1, 180)} rue des Halles",
            "BillingCity": city,
            "BillingPostalCode": postal_code,
            "BillingCountry": "France",
            "SIREN__c": _siren(number),
            "NumberOfEmployees": str(2 * random.randint(3, 120)),
            "OwnerId": _owner(company),
            "IsDeleted": "false",
            "CreatedDate": stamp(created),
            "LastModifiedDate": stamp(modified),
        }
    )
    for position in range(2):
        _add_contact(company, company.accounts[-1], number * 2 + position, domain)


def _add_contact(company: Company, account: Record, number: int, domain: str) -> None:
    random = company.random
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[(number * 11 + number // len(FIRST_NAMES)) % len(LAST_NAMES)]
    company.contacts.append(
        {
            "Id": salesforce_id("003", number),
            "FirstName": first,
            "LastName": last,
            "AccountId": account["Id"],
            "Email": f"{_plain(first)}.{_plain(last)}{number}@{domain}",
            "Phone": account["Phone"],
            "MobilePhone": f"06 39 98 {number // 100:02d} {number % 100:02d}",
            "Title": random.choice(TITLES),
            "MailingCountry": "France",
            "OwnerId": account["OwnerId"],
            "IsDeleted": "false",
            "CreatedDate": account["CreatedDate"],
            "LastModifiedDate": stamp(days_ago(random, 300, 1)),
        }
    )


def _capture_lead(company: Company, number: int) -> None:
    random = company.random
    first = FIRST_NAMES[(number * 5 + 3) % len(FIRST_NAMES)]
    last = LAST_NAMES[(number * 7 + number // len(LAST_NAMES)) % len(LAST_NAMES)]
    created = days_ago(random, 150, 20)
    owner = _owner(company)
    lead = {
        "Id": salesforce_id("00Q", number),
        "FirstName": first,
        "LastName": last,
        "Company": f"Comptoir {PLACES[number % len(PLACES)]} {number}",
        "Email": f"{_plain(first)}.{_plain(last)}@comptoir{number}.example",
        "Phone": f"01 99 00 {number // 100:02d} {number % 100:02d}",
        "Status": random.choice(("Nouveau", "En cours", "Contacté")),
        "LeadSource": random.choice(SOURCES),
        "Country": "France",
        "OwnerId": owner,
        "IsConverted": "false",
        "IsDeleted": "false",
        "CreatedDate": stamp(created),
        "CreatedById": owner,
        "LastModifiedDate": stamp(created + timedelta(days=random.randint(1, 15))),
        "LastModifiedById": owner,
    }
    company.leads.append(lead)
    log_task(company, lead, created + timedelta(days=1), lead=lead)


def _run_deal(company: Company, number: int) -> None:
    random = company.random
    account = random.choice(company.accounts)
    fate = random.choices(("won", "lost", "open"), weights=(44, 33, 23))[0]
    deal = {
        "Id": salesforce_id("006", number),
        "Name": f"{PROJECTS[number % len(PROJECTS)]} {account['Name']} n° {number:04d}",
        "AccountId": account["Id"],
        "ContactId": _first_contact(company, account),
        "OwnerId": account["OwnerId"],
        "Amount": f"{random.randint(40, 2400) * 50 + number % 50}.00",
        "Type": random.choice(("Nouveau client", "Client existant", "Renouvellement")),
        "LeadSource": random.choice(SOURCES),
        "IsDeleted": "false",
    }
    {"won": _win, "lost": _lose, "open": _keep_open}[fate](company, deal)
    company.deals.append(deal)


def _first_contact(company: Company, account: Record) -> str:
    return company.contacts[2 * company.accounts.index(account)]["Id"]


def _win(company: Company, deal: Record) -> None:
    _close(company, deal, "Gagnée", "100", won=True)


def _lose(company: Company, deal: Record) -> None:
    _close(company, deal, "Perdue", "0", won=False)
    deal["LossReason__c"] = company.random.choice(LOST_REASONS)


def _close(company: Company, deal: Record, stage: str, probability: str, *, won: bool) -> None:
    random = company.random
    closed = days_ago(random, 540, 3)
    cycle = min(118, max(6, round(random.lognormvariate(4.0, 0.5))))
    created = closed - timedelta(days=cycle)
    deal |= {
        "StageName": stage,
        "Probability": probability,
        "CloseDate": closed.date().isoformat(),
        "NextStep": "",
        "IsClosed": "true",
        "IsWon": "true" if won else "false",
        "LossReason__c": "",
        **_stamps(deal, created, closed),
    }
    for _ in range(random.randint(2, 4)):
        log_task(company, deal, created + timedelta(days=random.randint(0, cycle)))


def _keep_open(company: Company, deal: Record) -> None:
    random = company.random
    created = days_ago(random, 80, 4)
    age = (EXPORTED_AT - created).days
    last_touch = days_ago(random, min(age, 18), 0)
    stage, probability = STAGES[min(4, age // 18 + random.randint(0, 1))]
    deal |= {
        "StageName": stage,
        "Probability": str(probability),
        "CloseDate": (AS_OF + timedelta(days=random.randint(5, 110))).isoformat(),
        "NextStep": random.choice(NEXT_STEPS),
        "IsClosed": "false",
        "IsWon": "false",
        "LossReason__c": "",
        **_stamps(deal, created, max(created, last_touch)),
    }
    log_task(company, deal, max(created, last_touch))


def _stamps(deal: Record, created: datetime, modified: datetime) -> Record:
    return {
        "CreatedDate": stamp(created),
        "CreatedById": deal["OwnerId"],
        "LastModifiedDate": stamp(modified),
        "LastModifiedById": deal["OwnerId"],
    }


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.lower())
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return kept.replace(" ", "-").replace("'", "")


def _siren(number: int) -> str:
    """Return nine digits with a right Luhn checksum, in a range that is not in use."""
    body = f"00{number + 1:06d}"
    total = sum(
        sum(divmod(int(digit) * (2 if position % 2 else 1), 10))
        for position, digit in enumerate(body)
    )
    return body + str(-total % 10)
