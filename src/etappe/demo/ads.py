"""What advertising costs and how the site is found: LinkedIn Ads, Google Ads, Search Console. Sums over all chunks."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from etappe.demo import catalog, clock
from etappe.demo.clock import Array
from etappe.demo.out import Folder
from etappe.demo.web import Pages

DAYS = (clock.AS_OF.date() - clock.START.date()).days


class Spending:
    """Clicks by day and campaign, and by day and search query."""

    def __init__(self) -> None:
        self.clicks = np.zeros((DAYS, len(catalog.CAMPAIGNS)), dtype=np.int64)
        self.queries = np.zeros((DAYS, len(catalog.QUERIES)), dtype=np.int64)

    def add(self, pages: Pages, paid: Array) -> None:
        """Takes the sessions of one chunk."""
        day = (clock.to_local(pages.sessions["ms"]) - clock.START_MS) // clock.DAY
        fits = (day >= 0) & (day < DAYS)
        for codes, sums in ((paid, self.clicks), (pages.sessions["query"], self.queries)):
            rows = fits & (codes >= 0)
            np.add.at(sums, (day[rows], codes[rows]), 1)

    def write(self, rng: np.random.Generator, folder: Folder) -> dict[str, float]:
        """Writes costs and searches; returns what each campaign cost in EUR."""
        price = np.array([campaign.click_cost for campaign in catalog.CAMPAIGNS])
        cost = np.round(self.clicks * price * rng.uniform(0.8, 1.25, self.clicks.shape), 2)
        shown = self.clicks * rng.integers(25, 90, self.clicks.shape) + rng.integers(0, 60, self.clicks.shape)
        self._linkedin(folder, cost, shown)
        self._google(folder, cost, shown)
        self._searches(rng, folder)
        return {campaign.name: round(float(cost[:, place].sum()), 2) for place, campaign in enumerate(catalog.CAMPAIGNS)}

    def _day(self, place: int) -> dt.date:
        return clock.START.date() + dt.timedelta(days=place)

    def _rows(self, platform: str) -> list[tuple[int, int]]:
        places = [place for place, campaign in enumerate(catalog.CAMPAIGNS) if campaign.platform == platform]
        return [(day, place) for day in range(DAYS) for place in places if self.clicks[day, place] or day % 3 == place % 3]

    def _linkedin(self, folder: Folder, cost: Array, shown: Array) -> None:
        name = "ads/account_5021_campaign_performance_report.csv"
        last = self._day(DAYS - 1)
        file = folder.csv(name)
        file.line(["Campaign Performance Report (in UTC)"])
        file.line([f"Report Start: 1/1/2024, Report End: {last.month}/{last.day}/{last.year}"])
        file.line(["Date Generated: 6/30/2026"])
        file.line([])
        file.line(["Start Date (in UTC)", "Account Name", "Currency", "Campaign Group Name", "Campaign Name", "Campaign ID", "Impressions", "Clicks", "Total Spent", "Leads"])
        for day, place in self._rows("linkedin"):
            date, campaign = self._day(day), catalog.CAMPAIGNS[place]
            file.line([f"{date.month}/{date.day}/{date.year}", "Messwerk Sensorik", "EUR", "Always on", campaign.name, campaign.ref,
                       f"{shown[day, place]:,}", int(self.clicks[day, place]), f"{cost[day, place]:,.2f}", int(self.clicks[day, place] // 20)])  # fmt: skip
            file.rows += 1

    def _google(self, folder: Folder, cost: Array, shown: Array) -> None:
        file = folder.csv("ads/Kampagnenbericht.csv", delimiter="\t", encoding="utf-16-le", eol="\r\n")
        file.line(["Kampagnenbericht"])
        file.line(["1. Januar 2024 - 29. Juni 2026"])
        file.line(["Kampagnenstatus", "Kampagne", "Kampagnen-ID", "Tag", "Währungscode", "Kosten", "Impr.", "Klicks", "Conversions", "Conv.-Wert"])
        total = [0.0, 0, 0]
        for day, place in self._rows("google"):
            campaign, clicks = catalog.CAMPAIGNS[place], int(self.clicks[day, place])
            total = [total[0] + float(cost[day, place]), total[1] + int(shown[day, place]), total[2] + clicks]
            file.line(["Aktiviert", campaign.name, campaign.ref, self._day(day).isoformat(), "EUR", _german(float(cost[day, place])),
                       _thousands(int(shown[day, place])), _thousands(clicks), _german(clicks * 0.04) if clicks else "--", "--"])  # fmt: skip
            file.rows += 1
        file.line(["Gesamt: Konto", " --", " --", "", "EUR", _german(total[0]), _thousands(int(total[1])), _thousands(int(total[2])), " --", " --"])
        file.dirt["total row"] = 1

    def _searches(self, rng: np.random.Generator, folder: Folder) -> None:
        position = np.array([query[2] for query in catalog.QUERIES])
        rate = 0.32 / position + 0.01
        shown = (self.queries / rate * rng.uniform(0.8, 1.2, self.queries.shape)).astype(np.int64) + self.queries + rng.integers(0, 4, self.queries.shape)
        place = position * rng.uniform(0.93, 1.07, self.queries.shape)
        recent = slice(DAYS - 480, DAYS)
        sums = [(int(self.queries[recent, q].sum()), int(shown[recent, q].sum())) for q in range(len(catalog.QUERIES))]
        for name, head, words in (("Suchanfragen.csv", "Häufigste Suchanfragen", [q[0] for q in catalog.QUERIES]),
                                  ("Seiten.csv", "Häufigste Seiten", [catalog.SITE + q[1] for q in catalog.QUERIES])):  # fmt: skip
            file = folder.csv(f"search_console/{name}")
            file.line([head, "Klicks", "Impressionen", "CTR", "Position"])
            for (clicks, seen), word, where in zip(sums, words, position.tolist(), strict=True):
                file.line([word, clicks, seen, f"{_german(100 * clicks / max(seen, 1), 1)} %", _german(where, 1)])
                file.rows += 1
        day, query = np.nonzero(shown[recent])
        dates = [self._day(DAYS - 480 + int(d)).isoformat() for d in range(480)]
        folder.csv("search_console/performance_report.csv").write(
            pa.table(
                {
                    "site_url": ["sc-domain:messwerk-sensorik.example"] * len(day),
                    "search_type": ["web"] * len(day),
                    "date": pa.array(dates).take(pa.array(day)),
                    "country": ["deu"] * len(day),
                    "device": pa.array(["DESKTOP", "MOBILE"]).take(pa.array(query % 2)),
                    "query": pa.array([q[0] for q in catalog.QUERIES]).take(pa.array(query)),
                    "page": pa.array([catalog.SITE + q[1] for q in catalog.QUERIES]).take(pa.array(query)),
                    "clicks": self.queries[recent][day, query],
                    "impressions": shown[recent][day, query],
                    "ctr": np.round(self.queries[recent][day, query] / shown[recent][day, query], 4),
                    "position": np.round(place[recent][day, query], 2),
                }
            )
        )


def _german(number: float, places: int = 2) -> str:
    return f"{number:,.{places}f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")

