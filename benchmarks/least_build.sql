-- The least work that makes the table `steps` from the evidence: what a careful hand would write for one company whose
-- exports are known and clean. It links identifiers, finds the account, gives each event a touchpoint and a channel,
-- sorts by account and time, sees the steps before and after, the waits, the stage, and writes the columns of `steps`.
-- It leaves out what makes the result right: guards against over-merging, matching of company names, ambiguous domains,
-- re-entered stages, journeys of the right kind, roles, pauses, reasons for what is unresolved, and every check.

CREATE VIEW events AS SELECT * FROM read_parquet('{evidence}/events/*.parquet', union_by_name = true);

-- These exports write addresses and Salesforce ids as user ids.
CREATE MACRO of_user(id) AS CASE WHEN contains(id, '@') THEN 'e:' || lower(id) WHEN length(id) = 18 AND starts_with(id, '003') THEN 'c:salesforce' || left(id, 15) ELSE 'u:' || id END;

-- Identifier pairs: those that stand on one event, and those on one record of a person.
CREATE TABLE sets AS
SELECT 'c:' || source || left(contact_ref, 15) AS contact, 'e:' || lower(email) AS email, of_user(user_id) AS user_id, 'k:' || cookie AS cookie
FROM events GROUP BY ALL;

CREATE TABLE people AS
SELECT 'c:' || source || left(record_id, 15) AS contact, 'e:' || lower(email) AS email, source, account_ref
FROM read_parquet('{evidence}/people/*.parquet', union_by_name = true) WHERE NOT coalesce(internal, false);

CREATE TABLE edges AS
WITH pairs AS (
    SELECT contact AS a, email AS b FROM people UNION ALL SELECT contact, email FROM sets UNION ALL SELECT contact, user_id FROM sets
    UNION ALL SELECT contact, cookie FROM sets UNION ALL SELECT email, user_id FROM sets UNION ALL SELECT email, cookie FROM sets
    UNION ALL SELECT user_id, cookie FROM sets
)
SELECT DISTINCT a, b FROM pairs WHERE a IS NOT NULL AND b IS NOT NULL;

CREATE TABLE both_ways AS SELECT a, b FROM edges UNION ALL SELECT b, a FROM edges;

-- Connected components: the smallest identifier within reach, in four rounds, which is as far as these exports need.
CREATE TABLE node_0 AS
SELECT id, id AS label FROM (
    SELECT contact AS id FROM sets UNION SELECT email FROM sets UNION SELECT user_id FROM sets UNION SELECT cookie FROM sets
    UNION SELECT contact FROM people UNION SELECT email FROM people
) WHERE id IS NOT NULL;

CREATE TABLE node_1 AS SELECT n.id, least(n.label, min(m.label)) AS label FROM node_0 n LEFT JOIN both_ways e ON e.a = n.id LEFT JOIN node_0 m ON m.id = e.b GROUP BY n.id, n.label;
CREATE TABLE node_2 AS SELECT n.id, least(n.label, min(m.label)) AS label FROM node_1 n LEFT JOIN both_ways e ON e.a = n.id LEFT JOIN node_1 m ON m.id = e.b GROUP BY n.id, n.label;
CREATE TABLE node_3 AS SELECT n.id, least(n.label, min(m.label)) AS label FROM node_2 n LEFT JOIN both_ways e ON e.a = n.id LEFT JOIN node_2 m ON m.id = e.b GROUP BY n.id, n.label;
CREATE TABLE node_4 AS SELECT n.id, least(n.label, min(m.label)) AS label FROM node_3 n LEFT JOIN both_ways e ON e.a = n.id LEFT JOIN node_3 m ON m.id = e.b GROUP BY n.id, n.label;

-- Accounts: one a domain; a person belongs to the account of its CRM record, else of its address.
CREATE TABLE accounts AS
SELECT source, left(record_id, 15) AS ref, 'a' || left(md5(coalesce(host, record_id)), 11) AS account_id, host
FROM (SELECT *, regexp_replace(regexp_replace(lower(domain), '^https?://(www[.])?', ''), '/.*$', '') AS host FROM read_parquet('{evidence}/accounts/*.parquet', union_by_name = true));

-- A company that no record names is known by the domain of an address: all but free mail, providers and the own one.
CREATE TABLE hosts AS
SELECT host, coalesce(min(account_id), 'a' || left(md5(host), 11)) AS account_id
FROM (
    SELECT host, account_id FROM accounts WHERE host IS NOT NULL
    UNION ALL
    SELECT DISTINCT split_part(id, '@', 2), NULL FROM node_4 WHERE id LIKE 'e:%'
)
WHERE host NOT IN ('gmx.de', 'web.de', 'gmail.com', 'outlook.com', 'gmx.at', 'bluewin.ch', 't-online.de', 'messwerk-sensorik.example')
GROUP BY host;

CREATE TABLE named AS
SELECT n.label, max(a.account_id) AS account_id
FROM node_4 n JOIN people p ON p.contact = n.id JOIN accounts a ON a.source = p.source AND a.ref = left(p.account_ref, 15) GROUP BY n.label;

CREATE TABLE addressed AS
SELECT n.label, max(h.account_id) AS account_id FROM node_4 n JOIN hosts h ON h.host = split_part(n.id, '@', 2) WHERE n.id LIKE 'e:%' GROUP BY n.label;

CREATE TABLE identifiers AS
SELECT n.id, 'p' || left(md5(n.label), 11) AS person_id, coalesce(a.account_id, d.account_id) AS account_id
FROM node_4 n LEFT JOIN named a USING (label) LEFT JOIN addressed d USING (label);

-- Touchpoint and channel, once for each page and mark.
CREATE TABLE marks AS
SELECT kind, page, medium, origin,
    CASE
        WHEN kind = 'form' THEN 'form'
        WHEN kind NOT IN ('page_view', 'web_event') THEN kind
        WHEN regexp_matches(page, '/(preise|pricing|prices)') THEN 'pricing page'
        WHEN regexp_matches(page, '/(produkte?|products?)') THEN 'product page'
        WHEN regexp_matches(page, '/(loesungen|solutions)') THEN 'solution page'
        WHEN regexp_matches(page, '/(blog|magazin|ratgeber|wissen|insights|articles)') THEN 'article'
        WHEN regexp_matches(page, '/(referenzen|case-stud|kunden|customers)') THEN 'case study'
        WHEN regexp_matches(page, '/(vergleich|comparison)') THEN 'comparison page'
        WHEN regexp_matches(page, '/(roi|rechner|calculator)') THEN 'roi calculator'
        WHEN regexp_matches(page, '/(whitepaper|downloads?|ebook)') THEN 'white paper'
        WHEN regexp_matches(page, '/webinar') THEN 'webinar page'
        WHEN regexp_matches(page, '/(demo|testen|trial)') THEN 'demo request page'
        WHEN regexp_matches(page, '/(kontakt|contact)') THEN 'contact page'
        WHEN regexp_matches(page, '/(angebot|quote|rfq)') THEN 'quote page'
        WHEN regexp_matches(page, '/(docs|dokumentation|hilfe|support)') THEN 'documentation'
        WHEN regexp_matches(page, '^https?://[^/]*/?$') THEN 'home page'
        ELSE 'other page'
    END AS touchpoint,
    CASE
        WHEN kind IN ('call', 'meeting', 'email') THEN 'sales'
        WHEN kind IN ('fair_visit', 'webinar') THEN 'events'
        WHEN kind IN ('ticket', 'survey_answer') THEN 'service'
        WHEN medium = 'cpc' THEN 'paid search'
        WHEN medium LIKE 'paid%' THEN 'paid social'
        WHEN medium = 'email' THEN 'email'
        WHEN medium IN ('search', 'organic') THEN 'organic search'
        WHEN medium = 'social' THEN 'organic social'
        WHEN medium = 'referral' THEN 'referral'
        ELSE 'direct'
    END AS channel
FROM (SELECT DISTINCT kind, split_part(url, '?', 1) AS page, medium, origin FROM events);

-- Each event with its person, account, touchpoint and channel.
CREATE TABLE contacts AS
SELECT
    coalesce(i.account_id, h.account_id, a.account_id) AS account_id, i.person_id, m.touchpoint, m.channel,
    CASE
        WHEN m.touchpoint IN ('contract review') THEN 7 WHEN m.touchpoint IN ('trial') THEN 6 WHEN m.touchpoint IN ('quote page') THEN 5
        WHEN m.touchpoint IN ('call', 'meeting', 'form') THEN 4 WHEN m.touchpoint IN ('pricing page', 'case study', 'comparison page', 'webinar', 'white paper', 'roi calculator') THEN 3
        WHEN m.touchpoint IN ('product page', 'solution page') THEN 2 ELSE 1
    END AS entered,
    e.happened_at, e.learned_at, e.kind, e.online, e.direction, e.deal_ref, e.campaign, e.content, e.name, e.url, e.term, e.value, e.source, e.record_id
FROM events e
LEFT JOIN identifiers i ON i.id = coalesce('c:' || e.source || left(e.contact_ref, 15), 'e:' || lower(e.email), of_user(e.user_id), 'k:' || e.cookie)
LEFT JOIN hosts h ON h.host = e.domain
LEFT JOIN accounts a ON a.source = e.source AND a.ref = left(e.account_ref, 15)
JOIN marks m ON m.kind = e.kind AND m.page IS NOT DISTINCT FROM split_part(e.url, '?', 1) AND m.medium IS NOT DISTINCT FROM e.medium AND m.origin IS NOT DISTINCT FROM e.origin;

-- Journeys end with deals that are won or lost, and after 180 days of silence.
CREATE TABLE ends AS
SELECT a.account_id, d.closed_at, row_number() OVER (PARTITION BY a.account_id ORDER BY d.closed_at) AS number
FROM read_parquet('{evidence}/deals/*.parquet', union_by_name = true) d JOIN accounts a ON a.source = d.source AND a.ref = left(d.account_ref, 15)
WHERE d.status IN ('won', 'lost') AND d.closed_at IS NOT NULL;

COPY (
    WITH cut AS (
        SELECT c.*, coalesce(x.number, 0) AS cuts FROM contacts c ASOF LEFT JOIN ends x ON x.account_id = c.account_id AND c.happened_at > x.closed_at
        WHERE c.account_id IS NOT NULL
    ),
    silent AS (
        SELECT *, cuts + count(*) FILTER (gap > INTERVAL 180 DAY) OVER (PARTITION BY account_id ORDER BY happened_at, record_id ROWS UNBOUNDED PRECEDING) AS number
        FROM (SELECT *, happened_at - lag(happened_at) OVER (PARTITION BY account_id ORDER BY happened_at, record_id) AS gap FROM cut)
    ),
    staged AS (
        SELECT *,
            row_number() OVER journey AS seq, max(entered) OVER (journey ROWS UNBOUNDED PRECEDING) AS stage_no,
            lag(touchpoint) OVER journey AS previous_touchpoint, lead(touchpoint) OVER journey AS next_touchpoint,
            date_diff('second', lag(happened_at) OVER journey, happened_at) / 86400.0 AS wait_before,
            date_diff('second', happened_at, lead(happened_at) OVER journey) / 86400.0 AS wait_after
        FROM silent WINDOW journey AS (PARTITION BY account_id, number ORDER BY happened_at, record_id)
    )
    SELECT
        account_id, account_id || '-' || number AS journey_id, seq, happened_at, learned_at,
        ['research', 'supplier_search', 'preselection', 'first_talks', 'request_for_proposal', 'shortlist', 'decision'][stage_no] AS stage,
        stage_no, dense_rank() OVER (PARTITION BY account_id, number ORDER BY stage_no) AS visit_no, touchpoint, channel, kind, person_id,
        NULL::VARCHAR AS role, NULL::VARCHAR AS persona, coalesce(online, kind = 'page_view') AS online, direction, kind IN ('call', 'meeting', 'email') AS sales,
        previous_touchpoint, next_touchpoint, wait_before, wait_after, source || ':' || deal_ref AS deal_id, campaign, content, name, url, term, value, source, record_id
    FROM staged ORDER BY account_id, happened_at, record_id
) TO '{target}/steps.parquet' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1);

SELECT
    (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM '{target}/steps.parquet') AS steps,
    (SELECT count(DISTINCT person_id) FROM identifiers) AS persons, (SELECT count(DISTINCT journey_id) FROM '{target}/steps.parquet') AS journeys;
