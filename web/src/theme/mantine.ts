import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** Ten steps of a token's colour, as Mantine wants them; light and dark mode read the token itself. */
const steps = (name: string): MantineColorsTuple =>
  [`var(--${name}-tint)`, `var(--${name}-tint)`, ...Array<string>(8).fill(`var(--${name})`)] as unknown as MantineColorsTuple;

/** Choices open within the main part of the page, and the list itself scrolls: the arrows lead through it. */
const choices = { comboboxProps: { portalProps: { target: "#overlays" } }, withScrollArea: false, styles: { options: { maxHeight: 240, overflowY: "auto" as const } } };

export const mantine = createTheme({
  fontFamily: "'Inter Variable', Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'Source Code Pro', Menlo, monospace",
  fontSizes: { xs: "11.5px", sm: "13px", md: "13px", lg: "15px", xl: "22px" },
  lineHeights: { xs: "1.4", sm: "1.4", md: "1.4", lg: "1.4", xl: "1.3" },
  headings: { fontWeight: "620", sizes: { h1: { fontSize: "22px", lineHeight: "28px" }, h2: { fontSize: "15px", lineHeight: "20px" }, h3: { fontSize: "13px", lineHeight: "18px" } } },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  radius: { xs: "4px", sm: "6px", md: "6px", lg: "6px", xl: "6px" },
  defaultRadius: "sm",
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 6 },
  // What Mantine draws in shades of its own dark grey is drawn in the tokens' instead.
  colors: { accent: steps("accent"), contradicted: steps("contradicted"), dark: ["ink", "ink", "muted", "muted", "rule", "line", "surface", "page", "surface", "page"].map((name) => `var(--${name})`) as unknown as MantineColorsTuple },
  black: "#1c2430",
  shadows: { xs: "none", sm: "none", md: "none", lg: "none", xl: "none" },
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { size: "compact-md", variant: "default" } },
    TextInput: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "sm", allowDeselect: false, checkIconPosition: "right", ...choices } },
    MultiSelect: { defaultProps: choices },
    TagsInput: { defaultProps: choices },
    // The head of a dialog is no banner of the page.
    Modal: { defaultProps: { attributes: { header: { role: "presentation" } }, centered: false, yOffset: "8vh", overlayProps: { backgroundOpacity: 0.25 }, transitionProps: { duration: 120 } } },
    Drawer: { defaultProps: { attributes: { header: { role: "presentation" } } } },
    // What opens over the page stays within its main part, and a menu holds nothing but its entries: the first of them has the focus.
    Menu: { defaultProps: { transitionProps: { duration: 120 }, portalProps: { target: "#overlays" }, withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { transitionProps: { duration: 120 } } },
    Tooltip: { defaultProps: { transitionProps: { duration: 120 }, openDelay: 300 } },
  },
});
