import type { Language } from "./i18n";
import { anyTerm } from "./terms";
import terms from "./terms.json";

type Pair = readonly [string, string];

/** What a row of an unknown table is. */
const TABLES: Record<string, Pair> = {
  events: ["ein Kontakt oder Ereignis", "a contact or event"], deals: ["eine Verkaufschance", "a deal"], people: ["eine Person", "a person"], accounts: ["ein Unternehmen", "a company"],
  feedback: ["eine Bewertung oder Antwort", "a rating or answer"], costs: ["Kosten eines Tages", "the costs of a day"], searches: ["eine Suchanfrage", "a search query"],
};

/** What a column of it is, in the order of a reader's mind. */
const MEANINGS: Record<string, Pair> = {
  moment: ["Tag oder Zeitpunkt", "Day or time"], clock: ["Uhrzeit", "Time of day"], activity: ["Betreff oder Aktivität", "Subject or activity"], company: ["Unternehmen: Name", "Company: name"], account_id: ["Unternehmen: Kundennummer", "Company: number"], domain: ["Unternehmen: Website", "Company: website"],
  email: ["Person: E-Mail", "Person: e-mail"], person: ["Person: ganzer Name", "Person: full name"], first_name: ["Person: Vorname", "Person: first name"], last_name: ["Person: Nachname", "Person: last name"], title: ["Person: Funktion", "Person: job title"], phone: ["Telefon", "Telephone"], contact_id: ["Person: Kontakt-ID", "Person: contact id"], user_id: ["Person: Benutzer-ID", "Person: user id"],
  street: ["Straße", "Street"], postcode: ["Postleitzahl", "Postcode"], city: ["Ort", "City"], country: ["Land", "Country"], industry: ["Branche", "Industry"], employees: ["Beschäftigte", "Employees"], revenue: ["Jahresumsatz", "Annual revenue"],
  record: ["Nummer der Zeile", "Number of the row"], deal_id: ["Verkaufschance: Nummer", "Deal: number"], deal_name: ["Verkaufschance: Name", "Deal: name"], amount: ["Betrag", "Amount"], currency: ["Währung", "Currency"], stage: ["Phase", "Stage"], status: ["Status", "Status"], closed: ["Abschlussdatum", "Closing date"], lost_reason: ["Verlustgrund", "Reason it was lost"],
  campaign: ["Kampagne", "Campaign"], medium: ["Medium oder Kanal", "Medium or channel"], origin: ["Quelle", "Origin"], url: ["Seite oder Link", "Page or link"], referrer: ["Seite davor", "Page before"], session: ["Besuch (Sitzung)", "Visit (session)"], owner: ["Betreut von", "Owner"], text: ["Freitext", "Free text"], rating: ["Bewertung (Zahl)", "Rating (number)"],
  cost: ["Kosten", "Cost"], impressions: ["Einblendungen", "Impressions"], clicks: ["Klicks", "Clicks"], conversions: ["Konversionen", "Conversions"], query: ["Suchanfrage", "Search query"],
};

/** Kinds of events that are not called as a touchpoint is. */
const KINDS: Record<string, Pair> = {
  page_view: ["Seitenaufruf", "Page view"], search: ["Suche auf der Website", "Search on the site"], form: ["Formular", "Form"], chat: ["Chat", "Chat"], sign_in: ["Anmeldung", "Sign-in"], social: ["Kontakt im sozialen Netz", "Social contact"], email_sent: ["E-Mail einer Kampagne versandt", "Campaign e-mail sent"], email_delivered: ["E-Mail einer Kampagne zugestellt", "Campaign e-mail delivered"],
  email: ["E-Mail zwischen zwei Personen", "E-mail between people"], call: ["Telefonat", "Telephone call"], meeting: ["Termin oder Besuch", "Meeting or visit"], ticket: ["Serviceanfrage", "Support request"], ticket_reply: ["Antwort auf eine Serviceanfrage", "Reply to a support request"], referral: ["Empfehlung", "Recommendation"], purchase: ["Bestellung oder Rechnung", "Order or invoice"], activity: ["Schritt eines Prozesses", "Step of a process"],
};

const options = (words: readonly string[], said: (word: string) => string) => words.map((value) => ({ value, label: said(value) }));
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const at = (language: Language) => (language === "de" ? 0 : 1);

/** What the mapping assistant offers for rows, for events and for columns, each in words. */
export const tableOptions = (language: Language) => options(terms.tables, (word) => TABLES[word]?.[at(language)] ?? word);
export const kindOptions = (language: Language) => options(terms.events, (word) => KINDS[word]?.[at(language)] ?? capital(anyTerm(word.replaceAll("_", " "), language))).sort((one, other) => one.label.localeCompare(other.label, language));
export const meaningOptions = (language: Language) => {
  const order = Object.keys(MEANINGS);
  return options([...terms.meanings].sort((one, other) => order.indexOf(one) - order.indexOf(other)), (word) => MEANINGS[word]?.[at(language)] ?? word);
};
