"""Who the demo's bookkeeping firm talks to, and what it offers them."""

COMPANIES = (
    "Alder & Finch Florists", "Bellweather Brewing", "Birch Street Dental", "Blue Kiln Ceramics",
    "Brightwater Plumbing",
    "Cartwright Joinery", "Cedar Lane Nursery", "Clover Vet Clinic", "Copperfield Cafe", "Corner Oak Books",
    "Dune Surf School", "Easton Cycle Works", "Fenwick Roofing", "Fern & Fable Toys", "Foxglove Bakery",
    "Granite Gym", "Greenhalgh Farms", "Harrow Print Shop", "Hazel Yoga Studio", "Ironbridge Garage",
    "Juniper Interiors", "Kestrel Couriers", "Lantern Theatre", "Larkspur Cleaning", "Linden Legal",
    "Maple Row Pharmacy", "Marlow Electrical", "Meridian Maps", "Millrace Cider", "Northgate Optics",
    "Oakhurst Daycare", "Orchard Physio", "Pebble Beach Hostel", "Pinewood Cabins", "Quayside Fish Market",
    "Redwood Landscaping", "Rowan Architects", "Saltmarsh Sailing", "Silver Birch Salon", "Stonewall Masonry",
    "Sunny Side Catering", "Tamarind Kitchen", "Thistle Weavers", "Tidewater Boats", "Umber Paint Co",
    "Vale Bike Tours", "Walnut Guitar Shop", "Westbrook Movers", "Willow Spa", "Yarrow Herbal",
)  # fmt: skip

PEOPLE = (
    "Ana Ruiz", "Ben Okafor", "Carla Moretti", "Daniel Weiss", "Elif Demir", "Farah Haddad", "Grace Lin",
    "Hugo Laurent",
    "Ines Costa", "Jonas Berg", "Kavya Nair", "Liam Walsh", "Mina Sato", "Noah Fischer", "Oona Virtanen",
    "Paul Adeyemi",
    "Quinn Harper", "Rosa Jimenez", "Samir Patel", "Tessa de Vries", "Uma Krishnan", "Viktor Novak", "Wendy Cho",
    "Ximena Torres", "Yusuf Kaya", "Zoe Martin", "Arthur Bell", "Bianca Rossi", "Caleb Stone", "Dora Nagy",
    "Emil Larsen", "Fiona Byrne", "George Tan", "Hanna Kowalska", "Ivan Petrov", "Julia Brandt", "Karl Svensson",
    "Lucia Romano", "Marcus Reid", "Nadia Rahman", "Oscar Lind", "Petra Horvat", "Rafael Souza", "Sofia Alvarez",
    "Tom Becker", "Ulla Jensen", "Vera Popova", "Will Archer", "Yara Mansour", "Zach Cole",
)  # fmt: skip

OFFERS = (
    ("Monthly bookkeeping", 420_000),
    ("Payroll and bookkeeping", 780_000),
    ("Year-end accounts", 185_000),
    ("VAT catch-up", 96_000),
    ("Controller on call", 1_450_000),
    ("Bookkeeping clean-up", 240_000),
)

GOODS = (
    ("Monthly bookkeeping", "Bank, cards and receipts, closed by the tenth of the next month.", 35_000, 1),
    ("Payroll and bookkeeping", "The books as above, and pay slips for up to ten people.", 65_000, 1),
    ("Year-end accounts", "Balance sheet, profit and loss, and the notes your bank asks for.", 185_000, None),
    ("VAT catch-up", "Missing returns of up to four quarters, filed.", 96_000, None),
    ("Controller on call", "A controller for two days a month: budget, cash, and questions.", 120_000, 1),
    ("Bookkeeping clean-up", "Last year's books put in order, entry by entry.", 240_000, None),
    ("Set-up and migration", "Chart of accounts, bank feeds, and last year's figures brought along.", 48_000, None),
    ("Software training", "An hour with your staff, at your place or on a call.", 9_500, None),
)

SOURCES = ("Website form", "Referral", "Trade fair", "Phone", "Newsletter")
TAGS = ("hot", "referral", "multi-site", "price-sensitive", "seasonal")
WIN_REASONS = ("Trusted referral", "Best price", "Fast onboarding", "Software fit")
LOSS_REASONS = ("Chose a competitor", "No budget", "Kept it in-house", "No answer", "Bad timing")
NEXT_STEPS = ("Call about the quote", "Send sample report", "Agree on start date", "Check in", "Chase missing papers")
CALLS = (
    ("Left voicemail", ""),
    ("No answer", ""),
    ("Qualified", "Six staff, uses spreadsheets, wants someone from next quarter."),
    ("Not ready", "Old contract runs until the end of the quarter."),
)
NOTES = (
    "Two locations; payroll is the painful part.",
    "Wants everything in the cloud, no paper at all.",
    "Their accountant retires this year.",
    "Asked whether we can take over mid-year.",
    "Very price aware; compare with the starter package.",
    "Referred by a client, expects a call this week.",
)
