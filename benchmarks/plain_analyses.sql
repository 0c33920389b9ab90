-- What a careful hand would write to count the same on the tables of a build. The last column is summed and compared.

-- show attribution
WITH won AS (SELECT journey_id, ended_at, outcome, won_value FROM '{build}/journeys.parquet' WHERE outcome <> 'open'),
touches AS (
    SELECT s.journey_id, s.channel, w.outcome, w.won_value, row_number() OVER (PARTITION BY s.journey_id ORDER BY s.seq) AS place, count(*) OVER (PARTITION BY s.journey_id) AS n,
        lead(s.channel) OVER (PARTITION BY s.journey_id ORDER BY s.seq) AS following
    FROM '{build}/steps.parquet' s JOIN won w USING (journey_id)
    WHERE s.happened_at <= w.ended_at AND s.channel IS NOT NULL AND s.kind NOT IN ('email_sent', 'email_delivered', 'email_bounce', 'note', 'task', 'list_change', 'unsubscribe')
)
SELECT channel, following, count(*) FILTER (place = 1 AND outcome = 'won'), count(*) FILTER (place = n AND outcome = 'won'), sum(won_value / n), sum(CASE WHEN outcome = 'won' THEN 1 / n ELSE 0 END)
FROM touches GROUP BY ALL;

-- show before-sales
WITH first AS (SELECT journey_id, min(seq) - 1 AS before FROM '{build}/steps.parquet' WHERE sales GROUP BY journey_id)
SELECT median(epoch(first_sales_at - started_at) / 86400), median(f.before), avg(f.before / j.steps), count(*)
FROM '{build}/journeys.parquet' j LEFT JOIN first f USING (journey_id);

-- show blockers
WITH acts AS (
    SELECT journey_id, visit_no, stage, seq, happened_at, lead(happened_at) OVER (PARTITION BY journey_id ORDER BY seq) AS next_at
    FROM '{build}/steps.parquet' WHERE kind NOT IN ('email_sent', 'email_delivered', 'email_bounce', 'email_open', 'ad_view', 'note', 'task', 'list_change', 'letter') AND NOT (direction = 'out' AND NOT coalesce(sales, false))
),
days AS (
    SELECT a.journey_id, a.visit_no, a.stage, a.happened_at, v.left_to, least(date_diff('day', v.entered_at, a.happened_at), 300) // 30 AS days, least(log2(a.seq)::INT, 8) AS steps
    FROM acts a JOIN '{build}/stage_visits.parquet' v USING (journey_id, visit_no) WHERE a.next_at IS NULL OR a.next_at - a.happened_at > INTERVAL 6 HOUR
),
met AS (SELECT journey_id, visit_no, touchpoint, min(happened_at) AS met_at FROM '{build}/steps.parquet' GROUP BY ALL)
SELECT d.stage, d.days, d.steps, m.touchpoint, count(*), count(*) FILTER (d.left_to IN ('lost', 'dormant')), count(DISTINCT d.journey_id)
FROM days d JOIN met m USING (journey_id, visit_no) WHERE m.met_at <= d.happened_at GROUP BY ALL;

-- show buying-center
WITH state AS (
    SELECT v.journey_id, v.stage, j.kind, j.outcome, max(coalesce(v.left_at, now())) AS at
    FROM '{build}/stage_visits.parquet' v JOIN '{build}/journeys.parquet' j USING (journey_id) WHERE j.outcome = 'won' OR (j.outcome = 'open' AND v.left_at IS NULL) GROUP BY ALL
),
there AS (
    SELECT s.*, count(b.person_id) AS people, bool_or(b.role = 'decider') AS decider, bool_or(b.role = 'buyer') AS buyer, bool_or(b.role = 'user') AS user_, bool_or(b.role = 'influencer') AS influencer
    FROM state s LEFT JOIN '{build}/buying_center.parquet' b ON b.journey_id = s.journey_id AND b.first_at <= s.at GROUP BY ALL
)
SELECT kind, stage, outcome, median(people), avg(decider::INT), avg(buyer::INT), avg(user_::INT), avg(influencer::INT), CASE WHEN outcome = 'won' THEN count(*) ELSE 0 END FROM there GROUP BY kind, stage, outcome;

-- show channels
SELECT j.kind, s.stage, s.channel, count(DISTINCT s.journey_id), avg(s.online::INT), count(*) FILTER (s.seq = 1), count(*) AS steps
FROM '{build}/steps.parquet' s JOIN '{build}/journeys.parquet' j USING (journey_id) WHERE s.channel IS NOT NULL GROUP BY ALL;

-- show compare
WITH chosen AS (SELECT journey_id, outcome = 'won' AS side, segment, kind, started_at FROM '{build}/journeys.parquet' WHERE outcome IN ('won', 'lost', 'dormant') AND ended_at - started_at > INTERVAL 30 DAY),
early AS (SELECT s.journey_id, s.touchpoint, s.channel, c.side, c.segment, c.kind FROM '{build}/steps.parquet' s JOIN chosen c USING (journey_id) WHERE s.happened_at <= c.started_at + INTERVAL 30 DAY)
SELECT side, segment, kind, touchpoint, count(DISTINCT journey_id) FROM early GROUP BY ALL
UNION ALL SELECT side, segment, kind, channel, count(DISTINCT journey_id) FROM early GROUP BY ALL;

-- show content
WITH used AS (
    SELECT journey_id, visit_no, stage, coalesce(content, regexp_extract(url, '^[a-zA-Z]+://[^/?#]*([^?#]*)', 1)) AS content, min(happened_at) AS met_at, max(happened_at) AS last, count(*) AS n
    FROM '{build}/steps.parquet' GROUP BY ALL
)
SELECT u.stage, u.content, max(u.last), count(DISTINCT u.journey_id), count(*) FILTER (v.left_to NOT IN ('lost', 'dormant')), sum(u.n)
FROM used u JOIN '{build}/stage_visits.parquet' v USING (journey_id, visit_no) WHERE u.content IS NOT NULL GROUP BY ALL;

-- show drift
WITH chosen AS (
    SELECT journey_id, started_at, started_at >= (SELECT max(last_step_at) FROM '{build}/journeys.parquet') - INTERVAL 270 DAY AS now
    FROM '{build}/journeys.parquet' WHERE started_at >= (SELECT max(last_step_at) FROM '{build}/journeys.parquet') - INTERVAL 450 DAY
),
early AS (SELECT c.now, s.touchpoint, s.channel, s.journey_id FROM '{build}/steps.parquet' s JOIN chosen c USING (journey_id) WHERE s.happened_at <= c.started_at + INTERVAL 90 DAY)
SELECT now, touchpoint, count(DISTINCT journey_id) FROM early GROUP BY ALL UNION ALL SELECT now, channel, count(DISTINCT journey_id) FROM early GROUP BY ALL;

-- show durations
SELECT kind, outcome, median(days), quantile_cont(days, 0.25), quantile_cont(days, 0.75), count(*) FROM '{build}/journeys.parquet' GROUP BY ALL;

-- show journeys
SELECT j.*, a.name, 0 AS n FROM (SELECT * EXCLUDE (path) FROM '{build}/journeys.parquet' ORDER BY started_at DESC, journey_id LIMIT 100) j LEFT JOIN '{build}/resolved_accounts.parquet' a USING (account_id)
UNION ALL BY NAME SELECT count(*) AS n FROM '{build}/journeys.parquet';

-- show paths
SELECT source, target, quantile_disc(seconds, 0.5), sum(seconds * n) / sum(n), sum(n) FROM '{build}/move_waits.parquet' GROUP BY ALL;

-- show pauses
SELECT stage, count(*), count(p.ended_at), median(p.days), 0 AS n FROM '{build}/pauses.parquet' p GROUP BY ALL UNION ALL SELECT NULL, NULL, NULL, NULL, count(*) FROM '{build}/journeys.parquet';

-- show playbook
WITH decision AS (SELECT journey_id, min(entered_at) AS at FROM '{build}/stage_visits.parquet' WHERE stage = 'decision' GROUP BY journey_id),
call AS (SELECT journey_id, min(happened_at) FILTER (touchpoint = 'sales call') AS call, min(happened_at) FILTER (touchpoint = 'sales meeting') AS meeting FROM '{build}/steps.parquet' WHERE touchpoint IN ('sales call', 'sales meeting') GROUP BY journey_id),
decider AS (SELECT journey_id, min(first_at) AS at FROM '{build}/buying_center.parquet' WHERE role = 'decider' GROUP BY journey_id)
SELECT j.outcome, avg((c.call <= d.at)::INT), avg((c.meeting <= d.at)::INT), avg((r.at <= d.at)::INT), count(*)
FROM '{build}/journeys.parquet' j JOIN decision d USING (journey_id) LEFT JOIN call c USING (journey_id) LEFT JOIN decider r USING (journey_id) GROUP BY ALL;

-- show searches
SELECT query, sum(clicks), sum(impressions), sum(position * impressions) / sum(impressions), 0 FROM read_parquet('{evidence}/searches/*.parquet', union_by_name = true) GROUP BY ALL;

-- show stages
SELECT kind, stage, next_stage, median(hours) / 24, count(*) FROM '{build}/stage_exits.parquet' GROUP BY ALL;

-- show variants
WITH counted AS (SELECT path_hash, count(*) AS n, count(*) FILTER (outcome = 'won') AS won, median(days) AS days, any_value(path) AS path FROM '{build}/journeys.parquet' GROUP BY path_hash)
SELECT path, n, won, days, 0 AS variants FROM (SELECT * FROM counted ORDER BY n DESC LIMIT 50) UNION ALL SELECT NULL, NULL, NULL, NULL, count(*) FROM counted;
