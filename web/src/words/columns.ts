/** Headings of the answers' columns and their words that are on no list of the house, German first. */

type Pair = readonly [string, string];

export const COLUMNS: Record<string, Pair> = {
  stage: ["Phase", "Stage"], stage_no: ["Nr.", "No."], journey_kinds: ["Art der Journey", "Kind of journey"], journey_kind: ["Art der Journey", "Kind of journey"],
  journeys: ["Journeys", "Journeys"], accounts: ["Unternehmen", "Companies"], moved_on: ["weiter", "Moved on"], lost: ["verloren", "Lost"],
  dormant: ["eingeschlafen", "Dormant"], still_open: ["noch offen", "Still open"], drop_off: ["Abbruch", "Drop-off"], went_back: ["gingen zurück", "Went back"],
  median_days: ["Tage (Median)", "Days (median)"], open_now: ["jetzt offen", "Open now"], within_days: ["beobachtet bis Tag", "Watched to day"],
  channel: ["Kanal", "Channel"], model: ["Modell", "Model"], deals: ["Abschlüsse", "Deals"], value: ["Wert", "Value"], removal_effect: ["Wegfall-Effekt", "Removal effect"],
  rank: ["Rang", "Rank"], rank_low: ["Rang von", "Rank from"], rank_high: ["Rang bis", "Rank to"], rank_differs: ["Rang wechselt", "Rank differs"],
  cost: ["Kosten", "Cost"], cost_per_deal: ["Kosten je Abschluss", "Cost per deal"], return: ["Rückfluss", "Return"],
  group: ["Gruppe", "Group"], with_sales: ["mit Vertriebskontakt", "With sales contact"], share_of_time: ["Anteil der Zeit", "Share of time"],
  share_of_touches: ["Anteil der Schritte", "Share of steps"], days_before: ["Tage davor", "Days before"], touches_before: ["Schritte davor", "Steps before"],
  open_without: ["offen, noch ohne", "Open, none yet"], sort: ["Sorte", "Sort"], thing: ["was", "What"], from_day: ["ab Tag", "From day"],
  risk_ratio: ["Risiko gegenüber Vergleichbaren", "Risk against comparable"], adjusted_p: ["p (bereinigt)", "p (adjusted)"], clear: ["eindeutig", "Clear"], met: ["betroffen", "Met"],
  ended: ["geendet", "Ended"], expected: ["erwartet", "Expected"], excess: ["mehr als erwartet", "More than expected"], value_at_stake: ["Wert auf dem Spiel", "Value at stake"],
  when: ["wann", "When"], done_to: ["woran", "Done to"], at: ["wann", "When"], who: ["wer", "Who"], about: ["woran", "About"], detail: ["Einzelheiten", "Detail"], what: ["was", "What"], won: ["gewonnen", "Won"], open: ["offen", "Open"], difference: ["Unterschied", "Difference"], median_day: ["am Tag (Median)", "On day (median)"],
  from_crm: ["laut CRM", "From the CRM"], from_title: ["aus der Position", "From the title"], from_behaviour: ["aus dem Verhalten", "From behaviour"],
  figure: ["Zahl", "Figure"], then: ["damals", "Then"], now: ["jetzt", "Now"], changed: ["geändert", "Changed"], before: ["vorher", "Before"],
  steps: ["Schritte", "Steps"], share_of_steps: ["Anteil der Schritte", "Share of steps"], share: ["Anteil", "Share"], online: ["online", "Online"],
  first_contacts: ["Erstkontakte", "First contacts"], last_before_won: ["letzter vor dem Gewinn", "Last before won"],
  odds_ratio: ["Quotenverhältnis", "Odds ratio"], share_a: ["Anteil bei A", "Share in A"], share_b: ["Anteil bei B", "Share in B"], a: ["A", "A"], b: ["B", "B"],
  content: ["Inhalt", "Content"], progress_ratio: ["kommt weiter (Verhältnis)", "Gets on (ratio)"], last_used: ["zuletzt genutzt", "Last used"], stale: ["veraltet", "Stale"],
  measure: ["Maß", "Measure"], name: ["Name", "Name"], n: ["n", "n"], quarter_days: ["ein Viertel nach", "A quarter by"], three_quarter_days: ["drei Viertel nach", "Three quarters by"],
  journey_id: ["Journey", "Journey"], account: ["Unternehmen", "Company"], account_id: ["Kennung", "Account id"], kind: ["Art", "Kind"], started_at: ["Beginn", "Start"],
  ended_at: ["Ende", "End"], outcome: ["Ausgang", "Outcome"], furthest_stage: ["weiteste Phase", "Furthest stage"], days: ["Tage", "Days"], persons: ["Personen", "People"],
  back_moves: ["Rücksprünge", "Back-moves"], pauses: ["Pausen", "Pauses"], first_sales_at: ["erster Vertriebskontakt", "First sales contact"], won_value: ["gewonnener Wert", "Won value"],
  deal_value: ["Wert der Verkaufschancen", "Deal value"], currency: ["Währung", "Currency"], owner: ["betreut von", "Owner"], segment: ["Segment", "Segment"], tier: ["Tier", "Tier"],
  lost_reason: ["Verlustgrund", "Lost because"], from: ["von", "From"], to: ["nach", "To"], moves: ["Übergänge", "Moves"], mean_days: ["Tage (Mittel)", "Days (mean)"],
  won_share: ["Anteil der gewonnenen", "Share of the won"], lost_share: ["Anteil der verlorenen", "Share of the lost"], paused_share: ["Anteil mit Pause", "Share paused"],
  revived_30: ["wieder da in 30 T", "Revived in 30 d"], revived_90: ["wieder da in 90 T", "Revived in 90 d"], revived_180: ["wieder da in 180 T", "Revived in 180 d"],
  on_ice_now: ["jetzt auf Eis", "On ice now"], revived_by: ["wieder geweckt durch", "Revived by"], won_after: ["danach gewonnen", "Won after"],
  rule: ["Regel", "Rule"], applies: ["gilt für", "Applies to"], kept: ["eingehalten", "Kept"], share_kept: ["Anteil eingehalten", "Share kept"], missing: ["fehlt", "Missing"],
  late: ["zu spät", "Late"], out_of_order: ["falsche Reihenfolge", "Out of order"], won_kept: ["gewonnen, wenn eingehalten", "Won when kept"], won_broken: ["gewonnen, wenn nicht", "Won when not"],
  days_kept: ["Tage, wenn eingehalten", "Days when kept"], days_broken: ["Tage, wenn nicht", "Days when not"], page: ["Seite", "Page"], shown: ["gezeigt", "Shown"],
  clicks: ["Klicks", "Clicks"], click_share: ["Klickrate", "Click rate"], position: ["Platz", "Position"], found: ["gefunden", "Found"], journeys_begun: ["Journeys begonnen", "Journeys begun"],
  path: ["Weg", "Path"], person_id: ["Person", "Person"], happened_at: ["wann", "When"], learned_at: ["erfahren", "Learned"], touchpoint: ["Touchpoint", "Touchpoint"],
  role: ["Rolle", "Role"], persona: ["Persona", "Persona"], source: ["Quelle", "Source"], record_id: ["Datensatz", "Record"], industry: ["Branche", "Industry"], country: ["Land", "Country"],
  city: ["Ort", "City"], domain: ["Domain", "Domain"], employees: ["Beschäftigte", "Employees"], revenue: ["Umsatz", "Revenue"], deal_id: ["Verkaufschance", "Deal"], amount: ["Wert", "Amount"],
  status: ["Stand", "Status"], closed_at: ["geschlossen", "Closed"], opened_at: ["eröffnet", "Opened"], title: ["Titel", "Title"], email: ["E-Mail", "E-mail"], records: ["Datensätze", "Records"],
  events: ["Ereignisse", "Events"], matched: ["zugeordnet", "Matched"], reason: ["Grund", "Reason"], seq: ["Nr.", "No."], url: ["Adresse", "Address"], entered_at: ["Eintritt", "Entered"], left_at: ["Austritt", "Left"],
  left_to: ["danach", "Then"], last_step_at: ["letzter Schritt", "Last step"], direction: ["Richtung", "Direction"], sales: ["Vertrieb", "Sales"], campaign: ["Kampagne", "Campaign"], wait_before: ["Wartezeit davor", "Wait before"], wait_after: ["Wartezeit danach", "Wait after"],
  person_name: ["Name der Person", "Name of the person"], company_name: ["Name des Unternehmens", "Name of the company"], first_name: ["Vorname", "First name"], last_name: ["Nachname", "Last name"], phone: ["Telefon", "Telephone"], contact_ref: ["Kontakt-ID", "Contact id"], account_ref: ["Kundennummer", "Company number"], deal_ref: ["Nummer der Verkaufschance", "Deal number"],
  street: ["Straße", "Street"], postcode: ["Postleitzahl", "Postcode"], lifecycle: ["Status", "Status"], origin: ["Herkunft", "Origin"], medium: ["Medium", "Medium"], referrer: ["Seite davor", "Page before"], session_id: ["Besuch", "Visit"], user_id: ["Benutzer-ID", "User id"], attributes: ["übrige Spalten", "Other columns"], query: ["Suchanfrage", "Query"], impressions: ["Einblendungen", "Impressions"], conversions: ["Konversionen", "Conversions"], day: ["Tag", "Day"], instrument: ["Art der Frage", "Instrument"], text: ["Text", "Text"], contact_email: ["E-Mail", "E-mail"],
  entered_by: ["kam durch", "Entered by"], system: ["Quelle", "Source"], met_at: ["begegnet am", "Met on"], touches: ["Kontakt", "Touches"], identifier: ["Kennung", "Identifier"], with: ["gehört zu", "Belongs to"], evidence: ["Beleg", "Evidence"], probability: ["Wahrscheinlichkeit", "Probability"], seen: ["Datensätze", "Records"], author: ["von wem", "By"], first_at: ["erster Kontakt", "First contact"], last_at: ["letzter Kontakt", "Last contact"], next_touchpoint: ["nächster Touchpoint", "Next touchpoint"], previous_touchpoint: ["voriger Touchpoint", "Previous touchpoint"], left_out: ["ausgelassen", "Left out"], visit_no: ["Besuch", "Visit"],
};

export const VALUES: Record<string, Pair> = {
  all: ["alle", "all"], first: ["erster Kontakt", "first touch"], last: ["letzter Kontakt", "last touch"], "last-non-direct": ["letzter ohne direkt", "last non-direct"],
  "last non-direct": ["letzter ohne direkt", "last non-direct"], linear: ["linear", "linear"], position: ["Position 40/20/40", "position 40/20/40"], w: ["W-Form", "W-shaped"], "w-shaped": ["W-Form", "W-shaped"],
  "time-decay": ["Zeitverfall", "time decay"], "time decay": ["Zeitverfall", "time decay"], markov: ["Markov", "Markov"], last_non_direct: ["letzter ohne direkt", "last non-direct"], time_decay: ["Zeitverfall", "time decay"], w_shaped: ["W-Form", "W-shaped"], markov1: ["Markov 1", "Markov 1"], markov2: ["Markov 2", "Markov 2"], markov3: ["Markov 3", "Markov 3"], "markov-1": ["Markov 1", "Markov 1"], "markov-2": ["Markov 2", "Markov 2"], "markov-3": ["Markov 3", "Markov 3"],
  shapley: ["Shapley", "Shapley"], influenced: ["beteiligt", "influenced"], custom: ["eigene Gewichte", "own weights"], people: ["Personen", "people"], wait: ["Wartezeit", "wait"], content: ["Inhalt", "content"], stage: ["Phase", "stage"],
  touchpoint: ["Touchpoint", "touchpoint"], channel: ["Kanal", "channel"], role: ["Rolle", "role"], "to any end": ["bis zu irgendeinem Ende", "to any end"], "to won": ["bis gewonnen", "to won"], "to lost": ["bis verloren", "to lost"], "to dormant": ["bis eingeschlafen", "to dormant"],
  "journeys begun": ["begonnene Journeys", "journeys begun"], "journeys won": ["gewonnene Journeys", "journeys won"], "journeys lost": ["verlorene Journeys", "journeys lost"], "won value": ["gewonnener Wert", "won value"], "got on from": ["weiter aus", "got on from"],
  touchpoints: ["Touchpoints", "touchpoints"], stages: ["Phasen", "stages"], channels: ["Kanäle", "channels"], account: ["Unternehmen", "company"], person: ["Person", "person"], later: ["eine spätere Phase", "a later stage"], next: ["die nächste Phase", "the next stage"], campaign: ["Kampagne", "campaign"], journey: ["Journey", "journey"], "(start)": ["Beginn", "start"], "(end)": ["Ende", "end"], "(won)": ["gewonnen", "won"], "(lost)": ["verloren", "lost"], "(dormant)": ["eingeschlafen", "dormant"], "(open)": ["offen", "open"], 
  closed: ["geschlossen", "closed"], true: ["ja", "yes"], false: ["nein", "no"],
};

/** Settings of the analyses. */
export const OPTIONS: Record<string, Pair> = {
  by: ["nach", "By"], of: ["gezählt werden", "Of"], unit: ["Einheit", "Unit"], keep: ["Anteil der gezeigten Übergänge", "Share of moves kept"], limit: ["höchstens Zeilen", "Most rows"], model: ["Modell", "Model"],
  goal: ["Ziel", "Goal"], half_life: ["Halbwertszeit (Tage)", "Half-life (days)"], weights: ["eigene Gewichte", "Own weights"], within: ["innerhalb von Tagen", "Within days"], naive: ["einfache Quotienten", "Plain ratios"], to: ["weiter heißt", "Moved on means"],
  days: ["Tage", "Days"], least: ["mindestens Fälle", "Fewest cases"], minimum: ["mindestens Fälle", "Fewest cases"], stage: ["Phase", "Stage"], split: ["getrennt nach", "Split by"], before: ["davor", "Before"], now: ["jetzt", "Now"], rules: ["Regeln", "Rules"], lookback: ["Rückblick (Tage)", "Look-back (days)"],
  reported: ["berichtet am", "Reported on"], seed: ["Startzahl", "Seed"], draws: ["Ziehungen", "Draws"], a: ["A", "A"], b: ["B", "B"], clock: ["Uhr beginnt", "Clock starts"], clear: ["nur eindeutige", "Clear only"], costs: ["mit Kosten", "With costs"], direct: ["mit direkt", "With direct"],
};

/** Systems by the names that their makers gave them; another one stays as its mapping calls it. */
export const SYSTEMS: Record<string, Pair> = {
  attendees: ["Teilnehmerlisten", "Attendee lists"], brevo: ["Brevo", "Brevo"], dynamics: ["Dynamics", "Dynamics"], etappe: ["etappe", "etappe"], freshdesk: ["Freshdesk", "Freshdesk"], ga4: ["Google Analytics", "Google Analytics"], google_ads: ["Google Ads", "Google Ads"],
  hubspot: ["HubSpot", "HubSpot"], limesurvey: ["LimeSurvey", "LimeSurvey"], linkedin_ads: ["LinkedIn Ads", "LinkedIn Ads"], mailchimp: ["Mailchimp", "Mailchimp"], marketo: ["Marketo", "Marketo"], matomo: ["Matomo", "Matomo"], mautic: ["Mautic", "Mautic"],
  pipedrive: ["Pipedrive", "Pipedrive"], plausible: ["Plausible", "Plausible"], posthog: ["PostHog", "PostHog"], pretix: ["pretix", "pretix"], qualtrics: ["Qualtrics", "Qualtrics"], salesforce: ["Salesforce", "Salesforce"], search_console: ["Search Console", "Search Console"],
  snowplow: ["Snowplow", "Snowplow"], trustpilot: ["Trustpilot", "Trustpilot"], typeform: ["Typeform", "Typeform"], zendesk: ["Zendesk", "Zendesk"],
};

/** The files of rules, by what they settle. */
export const RULES: Record<string, Pair> = {
  channels: ["Kanäle", "Channels"], currencies: ["Währungen", "Currencies"], identity: ["Wer ist wer", "Who is who"], journeys: ["Journeys", "Journeys"], playbook: ["Playbook", "Playbook"],
  roles: ["Rollen", "Roles"], segments: ["Segmente", "Segments"], stages: ["Phasen", "Stages"], touchpoints: ["Touchpoints", "Touchpoints"],
};
