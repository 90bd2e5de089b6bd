"""A company that rents access platforms and site power, in the United Kingdom."""

COMPANY = "Harrowgate Lift"
MAIL = "harrowgate-lift.example"
COUNTRY = "United Kingdom"

FIRST_NAMES = (
    "Abigail", "Adrian", "Alasdair", "Amara", "Anil", "Bethany", "Callum", "Catriona", "Charlotte",
    "Colin", "Deborah", "Duncan", "Eilidh", "Elliot", "Fiona", "Gareth", "Gemma", "Graham",
    "Harriet", "Hamish", "Imogen", "Isaac", "Jasmine", "Joanne", "Keiran", "Laura", "Lewis",
    "Maeve", "Malcolm", "Megan", "Nadia", "Neil", "Niamh", "Oliver", "Owen", "Priya", "Rhys",
    "Rosalind", "Rupert", "Sanjay", "Shona", "Simon", "Tamsin", "Tobias", "Ursula", "Victor",
    "Wendy", "Yusuf", "Zara", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Abernathy", "Ashworth", "Barraclough", "Beckett", "Blackwood", "Brathwaite", "Brierley",
    "Cartwright", "Chaudhry", "Clough", "Colquhoun", "Cranston", "Crowther", "Dalgleish", "Dawson",
    "Drummond", "Eccles", "Entwistle", "Fairclough", "Fenwick", "Fitzgerald", "Forsyth",
    "Galbraith", "Garside", "Gilchrist", "Greenhalgh", "Hargreaves", "Hathaway", "Haworth",
    "Hewitt", "Holroyd", "Huddleston", "Inglis", "Jarvis", "Kapoor", "Kershaw", "Kinsella",
    "Langley", "Lockwood", "Loughran", "Mackenzie", "Marsden", "McAllister", "Merriweather",
    "Middleton", "Mulligan", "Nuttall", "Oakley", "Okafor", "Ormerod", "Osborne", "Pemberton",
    "Pickering", "Prescott", "Quigley", "Radcliffe", "Ramsbottom", "Rawlinson", "Redmayne",
    "Ridley", "Rowntree", "Sedgwick", "Shackleton", "Sinclair", "Stirling", "Sutcliffe",
    "Tattersall", "Thackeray", "Thornton", "Trevelyan", "Tunstall", "Underhill", "Venables",
    "Wainwright", "Walmsley", "Whitaker", "Widdowson", "Winstanley", "Wolstenholme", "Yardley",
)  # fmt: skip
TRADES = (
    "Builders", "Roofing", "Scaffolding", "Steelworks", "Joinery", "Haulage", "Logistics",
    "Shipyard", "Events", "Staging", "Arborists", "Glazing", "Facades", "Cladding", "Civils",
    "Groundworks", "Demolition", "Interiors", "Estates", "Property Care", "Retail Parks",
    "Warehousing", "Cold Stores", "Brewery", "Foundry", "Fabrications", "Signs", "Solar",
    "Wind Services", "Power", "Utilities", "Telecoms", "Rail Services", "Airport Services",
    "Marine", "Dairy", "Packaging", "Printworks", "Theatres", "Studios", "Hospitals", "Schools",
    "Stadium", "Museums", "Housing", "Facilities", "Drainage", "Paving", "Painting", "Lighting",
)  # fmt: skip
LEGAL_FORMS = ("", "", "", " Ltd", " Limited", " LLP")
INDUSTRIES = (
    "Construction", "Manufacturing", "Retail", "Transport", "Energy", "Healthcare", "Education",
    "Entertainment", "Public sector", "Property",
)  # fmt: skip
VARIANTS = {
    "Construction": ("CONSTRUCTION", "construction", "Constuction"),
    "Manufacturing": ("manufacturing", "Manufactring", "MANUFACTURING"),
    "Public sector": ("Public Sector", "Public-sector", "public  sector"),
    "Retail": ("retail", "RETAIL", "Retail."),
}
#: What is spelt anew only where people spell as they like.
MORE_VARIANTS = {
    "Transport": ("TRANSPORT", "transport", "Transport."),
    "Energy": ("energy", "ENERGY", "Energy."),
    "Healthcare": ("healthcare", "HEALTHCARE", "Healthcare."),
    "Education": ("education", "EDUCATION", "Education."),
    "Entertainment": ("entertainment", "Entertainmnt", "ENTERTAINMENT"),
    "Property": ("property", "PROPERTY", "Property."),
}
CITIES = (
    ("Aberdeen", "AB10 1AA"), ("Bath", "BA1 1AA"), ("Bradford", "BD1 1AA"), ("Bristol", "BS1 4DJ"),
    ("Cardiff", "CF10 1EP"), ("Carlisle", "CA1 1AA"), ("Coventry", "CV1 1AA"), ("Derby", "DE1 1AA"),
    ("Dundee", "DD1 1AA"), ("Exeter", "EX1 1AA"), ("Glasgow", "G1 1AA"), ("Hull", "HU1 1AA"),
    ("Inverness", "IV1 1AA"), ("Leeds", "LS1 1AA"), ("Leicester", "LE1 1AA"),
    ("Norwich", "NR1 1AA"), ("Nottingham", "NG1 1AA"), ("Oxford", "OX1 1AA"),
    ("Plymouth", "PL1 1AA"), ("Preston", "PR1 1AA"), ("Sheffield", "S1 1AA"),
    ("Stoke-on-Trent", "ST1 1AA"), ("Swansea", "SA1 1AA"), ("York", "YO1 7AA"),
)  # fmt: skip
STREETS = (
    "Station Road", "Mill Lane", "Foundry Street", "Canal Wharf", "Victoria Road", "Kingsway",
    "Chapel Lane", "Dock Street", "Park View", "Market Place",
)  # fmt: skip
TITLES = (
    "Site manager", "Maintenance lead", "Buyer", "Managing director", "Head of safety",
    "Contracts manager", "Operations director", "Finance director",
)  # fmt: skip
STAGES = ("Qualify", "Needs analysis", "Site survey", "Proposal sent", "Negotiation")
WON, LOST = "Closed Won", "Closed Lost"
CATEGORIES = ("Pipeline", "Pipeline", "Pipeline", "BestCase", "Commit", "Closed", "Omitted")
PIPELINES = ("New business", "Renewals", "Web orders")
TYPES = ("New business", "Renewal", "Web order")
SOURCES = ("Trade show", "Referral", "Inbound call", "Outbound", "Architect", "Other")
WEB_SOURCE = "Web form"
LOST_REASONS = (
    "Price", "Chose a competitor", "Project postponed", "Delivery date", "No budget",
)  # fmt: skip
PROJECTS = (
    "Boom lifts", "Scissor lifts", "Site generators", "Lighting towers", "Telehandlers",
    "Mast climbers", "Battery storage", "Service contract", "Spider lifts", "Hoists",
    "Welfare units", "Load banks",
)  # fmt: skip
SITES = (
    "phase 1", "phase 2", "tower block", "north depot", "south depot", "hall 3", "head office",
    "refit", "quay side", "car park", "extension", "main stand", "workshop", "west wing",
)  # fmt: skip
NEXT_STEPS = (
    "Send revised quote", "Call after the board meeting", "Survey the site on Thursday",
    "Agree the hire dates", "Chase the purchase order", "Get sign-off from head office",
    "Present the battery option", "Confirm delivery slot", "Have the contract signed",
    "Meet the safety lead", "Price the long-term rate", "Confirm the budget",
)  # fmt: skip
SUBJECTS = {
    "call": ("Follow-up call", "Catch-up call", "Chaser", "Discovery call"),
    "meeting": ("Site visit", "Customer meeting", "Technical review"),
    "task": ("Prepare the quote", "Send the brochure", "Check the drawings", "Follow up"),
    "email": ("Your lifting project", "Quote and hire dates", "Minutes of our visit"),
    "note": ("Note", "Minutes"),
}
NOTES = (
    "Customer waits for head office until {when}.",
    "Walked the site with {who}, ground conditions are fine.",
    "{who} asks for an electric option.",
    "{who} confirmed the budget, hire to start in {when}.",
    "The spec calls for the telematics to export to Excel.",
    "Excellent talk with {who}, next call in {when}.",
    "A competitor was there first and is a few per cent cheaper.",
    "{who} wants the quote by email before {when}.",
    "The drive needs a road permit before delivery.",
    "Site closes for three weeks, delivery only in {when}.",
    "{who} agrees in principle to the two-machine package.",
    "Waiting for planning consent, {who} calls us back in {when}.",
    "Their slack season is {when}, price then.",
    "The service notebook of the old machine is missing, inspection offered.",
)
WHO = ("the director", "the buyer", "Mr Fenwick", "Ms Okafor", "the architect", "the site manager")
WHEN = ("January", "March", "May", "June", "September", "October", "November")
REPORTS = (
    "Open pipeline by rep", "Forecast this quarter", "Pipeline by stage", "Deals won this month",
    "Follow-up tracker", "Forecast by team",
)  # fmt: skip
OTHER_REPORTS = (
    "Contacts without address", "Accounts by sector", "Trade show leads", "Customer birthdays",
    "Open tickets", "May campaign", "Contracts to renew", "Dormant accounts",
)  # fmt: skip
FOLDERS = ("Sales management", "Marketing")
FILES = ("Quote", "Site plan", "Data sheet", "Signed order")
PRICE_LIST = "Hire rates.xlsx"
SIDE_FILES = ("Deal tracking", "My follow-ups", "Forecast", "Pipeline", "Customer tracker")
TEAMS = ("North", "South", "Midlands", "Scotland", "Key accounts", "Public sector")
JOBS = {
    "rep": "Account executive", "manager": "Sales manager", "director": "Sales director",
    "assistant": "Sales coordinator", "program": "Integration",
}  # fmt: skip
PROGRAM = "ERP Integration"
SURNAME_LIKE_JUNK, NAME_LIKE_TEST = "Na", "Test & Co"
