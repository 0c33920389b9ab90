import { MantineProvider } from "@mantine/core";
import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { FigureTip, FigureView } from "@/parts/FigureView";
import { begun, MENTION } from "@/parts/mentions";
import { RowTable } from "@/parts/RowTable";
import { isUnbuiltAsOf } from "@/parts/AsOfUnbuilt";
import { Answer, FaultNote } from "@/parts/States";
import { Verdict, VERDICTS } from "@/parts/Verdict";
import { Fault } from "@/wire/faults";
import { textOf } from "@/parts/CellView";
import { forTheme, inLanguage } from "@/parts/draw";
import { fitted, narrower, stacked } from "@/parts/fit";
import { piecesOf } from "@/rooms/interviews/marks";
import { graphOf } from "@/rooms/analyses/flow";
import { amount, range, unitOf } from "@/words/figures";
import { speak } from "@/words/i18n";

vi.mock("vega-embed", () => ({ default: vi.fn() }));

const show = (element: ReactElement) => render(<MantineProvider>{element}</MantineProvider>);

beforeEach(() => speak("de"));

describe("an answer that there is not yet", () => {
  const failed = (status: number, code: string, where = "") => ({ data: undefined, error: new Fault(status, { code, what: "nothing is built yet", where }), refetch: vi.fn() }) as never;

  it("is an empty place with the way to the sources while nothing is built, and a fault in any other case", () => {
    const shown = show(<Answer of={failed(409, "workspace")}>{() => null}</Answer>);
    expect(screen.getByRole("link", { name: "Quellen" })).toHaveAttribute("href", "/sources");
    expect(screen.queryByRole("alert")).toBeNull();
    shown.unmount();
    for (const other of [failed(409, "workspace", "stages"), failed(409, "conservation"), failed(500, "workspace")]) {
      const one = show(<Answer of={other}>{() => null}</Answer>);
      expect(screen.getByRole("alert")).toBeInTheDocument();
      one.unmount();
    }
  });

  it("is a day of knowledge to be built where that day is what has no build", () => {
    const fault = (status: number, where: string) => new Fault(status, { code: "workspace", what: "there is no build", where });
    expect([fault(409, "as_of"), fault(409, ""), fault(422, "as_of"), new Error("as_of")].map(isUnbuiltAsOf)).toEqual([true, false, false, false]);
  });
});

describe("a figure", () => {
  const figure = { value: 0.684, low: 0.64, high: 0.72, n: 612 };

  it("never stands bare: value, interval and n together", () => {
    show(<FigureView figure={figure} unit="share" />);
    expect(screen.getByRole("button")).toHaveTextContent("68 % (64–72) · n 612");
  });

  it("says why there is none", () => {
    show(<FigureView figure={{ value: null, why: "too few", n: 3 }} unit="share" />);
    expect(screen.getByRole("button")).toHaveTextContent("zu wenige · n 3");
  });

  it("tells its recipe when it is focused, and opens its rows by keyboard", async () => {
    const open = vi.fn();
    show(
      <FigureTip>
        <FigureView figure={figure} unit="share" behind={{ recipe: { name: "stages", version: 1, words: "wer weiterkam" }, as_of: "2026-06-30" }} onOpen={open} />
      </FigureTip>,
    );
    const user = userEvent.setup();
    await user.tab();
    expect(await screen.findByText(/wer weiterkam/)).toBeInTheDocument();
    await user.keyboard("{Enter}");
    expect(open).toHaveBeenCalledOnce();
  });
});

describe("a verdict", () => {
  it("is shape and word, also where only the shape is seen", () => {
    const shapes = VERDICTS.map((verdict) => {
      const { container, unmount } = show(<Verdict verdict={verdict} quiet />);
      const text = container.querySelector(".verdict")?.textContent ?? "";
      unmount();
      return text;
    });
    expect(new Set(shapes.map((text) => text.charAt(0))).size).toBe(VERDICTS.length);
    for (const text of shapes) expect(text.length).toBeGreaterThan(3);
  });
});

describe("the language", () => {
  it("changes at once in what is drawn already", () => {
    const { container } = show(<Verdict verdict="contradicted" />);
    const german = container.textContent;
    act(() => speak("en"));
    const english = container.textContent;
    act(() => speak("de"));
    expect(english).not.toBe(german);
    expect(container.textContent).toBe(german);
  });
});

describe("a table of rows", () => {
  const rows = [
    { stage: "research", moved_on: { value: 0.5, low: 0.4, high: 0.6, n: 20 } },
    { stage: "decision", moved_on: { value: null, why: "too few", n: 2 } },
    { stage: "shortlist", moved_on: { value: 0.9, low: 0.8, high: 0.95, n: 30 } },
  ];

  it("sorts by value, and what has none comes last either way", async () => {
    show(<RowTable rows={rows} caption="Phasen" />);
    const user = userEvent.setup();
    const stages = () => screen.getAllByRole("row").slice(1).map((row) => within(row).getAllByRole("cell")[0]!.textContent);
    const head = screen.getAllByRole("columnheader")[1]!;
    await user.click(within(head).getByRole("button"));
    expect(stages()).toEqual(["Shortlist", "Vorrecherche", "Entscheidung"]);
    expect(head).toHaveAttribute("aria-sort", "descending");
    await user.click(within(head).getByRole("button"));
    expect(stages()).toEqual(["Vorrecherche", "Shortlist", "Entscheidung"]);
  });

  it("shows the first rows of a long answer, and says how many more there are", () => {
    show(<RowTable rows={Array.from({ length: 250 }, (_, at) => ({ name: `n${at}` }))} caption="viele" />);
    expect(screen.getAllByRole("row")).toHaveLength(31);
    expect(screen.getByText("220 weitere Zeilen zeigen")).toBeInTheDocument();
  });
});

describe("a fault", () => {
  it("tells what is wrong, where and what to do next; all at once", () => {
    show(<FaultNote error={new Fault(422, { code: "faults", what: "", faults: [{ code: "a", what: "Die Zeile fehlt.", where: "stages.yaml:3", do_next: "Ergänzen." }, { code: "b", what: "Noch etwas." }] })} />);
    for (const text of ["Die Zeile fehlt.", "stages.yaml:3", "Ergänzen.", "Noch etwas."]) expect(screen.getByText(text)).toBeInTheDocument();
  });
});

describe("a drawing", () => {
  it("speaks the reader's language, and leaves fields and filters as they are", () => {
    const spec = { title: "Share", encoding: { x: { field: "Share", title: "Share" } }, data: { values: [{ stage: "research", label: "journeys with touchpoint · article → home page, from day 7" }] }, usermeta: { words: { de: { Share: "Anteil", "from day 7": "ab Tag 7" } } } };
    expect(inLanguage(spec, "de")).toMatchObject({ title: "Anteil", encoding: { x: { field: "Share", title: "Anteil" } }, data: { values: [{ stage: "Vorrecherche", label: "Journeys mit Touchpoint · Fachartikel → Startseite, ab Tag 7" }] } });
  });
});

describe("a drawing in a narrow place", () => {
  const wide = async (spec: Record<string, unknown>) => ({ wide: 200 + Number(spec.width), end: vi.fn() });

  it("gives up plot, not words: it is drawn again until it fits, and never without a plot", async () => {
    expect((await fitted({ width: 560 }, 500, wide)).wide).toBe(500);
    expect((await fitted({ width: 560 }, 100, wide)).wide).toBe(380);
    expect((await fitted({ width: 260 }, 500, wide)).wide).toBe(460);
  });

  it("takes the room from plots side by side in equal parts, and from plots beneath each other from each", () => {
    expect(narrower({ hconcat: [{ width: 300 }, { width: 300 }] }, 100, 1)).toEqual({ hconcat: [{ width: 250 }, { width: 250 }] });
    expect(narrower({ vconcat: [{ width: 300 }, { width: 300 }] }, 100, 1)).toEqual({ vconcat: [{ width: 200 }, { width: 200 }] });
  });

  it("sets long titles in lines and loses no word of them", () => {
    const text = "Wie wahrscheinlich ist es, dass Sie uns empfehlen?";
    expect((stacked({ title: { text } }, 150).title as { text: string[] }).text.join(" ")).toBe(text);
    expect(stacked({ title: "kurz" }, 150).title).toBe("kurz");
  });

  it("leaves out names beside points between two measures, and no figure beside a bar", () => {
    const measure = (field: string) => ({ field, type: "quantitative" });
    const name = { mark: { type: "text" }, encoding: { x: measure("position"), y: measure("shown"), text: { field: "what" } } };
    const beside = { mark: { type: "text" }, encoding: { x: measure("share"), y: { field: "stage", type: "nominal" }, text: measure("share") } };
    const points = { mark: { type: "point" }, encoding: { x: measure("position"), y: measure("shown") } };
    expect(stacked({ layer: [points, name, beside] }, 300).layer).toEqual([points, beside]);
  });
});

describe("a figure's unit", () => {
  it("is that which comes with it, whatever its column is called", () => {
    expect(unitOf("before", { value: 0.43, n: 262, unit: "share" })).toBe("share");
    expect(amount(0.43, unitOf("before", { value: 0.43, n: 262, unit: "share" }), "de")).toBe("43\u00a0%");
    expect(amount(45, unitOf("score", { value: 45, n: 20, unit: "points" }), "de")).toBe("45");
    expect(range({ value: -0.01, low: -0.05, high: 0.03, n: 99 }, "share", "de")).toBe("\u22125\u00a0bis\u00a03");
    expect(unitOf("value", { value: 5, n: 3, unit: "EUR" })).toBe("money");
  });
});

describe("words of an answer", () => {
  it("are the reader's within brackets and lists too, and names that people gave stay", () => {
    expect(textOf("use (expansion, renewal)", "name", "de", { measure: "got on from" })).toBe("Nutzung (Erweiterung, Verlängerung)");
    expect(textOf("use (expansion)", "account", "de")).toBe("use (expansion)");
  });
});

describe("passages of an interview", () => {
  it("cut the words without losing any, overlapping ones too", () => {
    const text = "Ich wusste nicht, was es kostet.";
    const pieces = piecesOf(text, [{ id: "a", turn: 0, start: 0, end: 10 }, { id: "b", turn: 0, start: 4, end: 16 }]);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    expect(pieces.map((piece) => piece.passages.length)).toEqual([1, 2, 1, 0]);
  });
});

describe("the graph of moves", () => {
  it("stands in layers from left to right, and what goes back is told apart", () => {
    const graph = graphOf([{ from: "a", to: "b", moves: 9 }, { from: "b", to: "c", moves: 8 }, { from: "c", to: "a", moves: 1 }, { from: "a", to: "a", moves: 50 }], 10);
    expect(graph.edges.filter((edge) => edge.back).map((edge) => `${edge.from.id}${edge.to.id}`)).toEqual(["ca"]);
    expect(new Set(graph.nodes.map((node) => `${node.x}:${node.y}`)).size).toBe(3);
  });
});

describe("a mention", () => {
  it("is begun by @ at the caret, and nowhere inside an address", () => {
    expect(begun("Bitte @an", 9)).toBe("an");
    expect(begun("@", 1)).toBe("");
    expect(begun("Bitte @anna ansehen", 19)).toBeNull();
    expect(begun("anna@firm", 9)).toBeNull();
    expect(begun("@anna@firm.ex", 13)).toBe("anna@firm.ex");
  });

  it("stands out in a comment, without the point after it", () => {
    expect("Frag @anna@firm.example. Oder @bo!".split(MENTION)).toEqual(["Frag ", "@anna@firm.example", ". Oder ", "@bo", "!"]);
    expect("post@firm.example".split(MENTION)).toEqual(["post@firm.example"]);
  });
});

describe("a heat map in the dark", () => {
  const cell = { mark: { type: "rect", stroke: "white" }, encoding: { color: { scale: { range: ["#eef6f5", "#0a5f5b"] } } } };
  const text = { encoding: { color: { condition: { test: "datum.a > 0.5", value: "white" }, value: "#1d2530" } } };
  const light = (colour: string) => [1, 3, 5].reduce((sum, at) => sum + parseInt(colour.slice(at, at + 2), 16), 0);

  it("has dark cells for low values and light words on them, and no white lines between", () => {
    const { layer } = forTheme({ layer: [cell, text] }, "dark") as { layer: [typeof cell, typeof text] };
    const [low, high] = layer[0].encoding.color.scale.range as [string, string];
    expect(light(low)).toBeLessThan(light(high));
    expect(light(layer[1].encoding.color.value)).toBeGreaterThan(light(high));
    expect(layer[0].mark.stroke).not.toBe("white");
    expect(layer[1].encoding.color.condition.value).toBe("white");
  });

  it("stays as it is in the light and in print", () => expect(forTheme({ layer: [cell, text] }, "light")).toEqual({ layer: [cell, text] }));
});
