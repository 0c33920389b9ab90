import { Button, Menu } from "@mantine/core";
import { useWords } from "@/words/i18n";

/** A download in the formats a place offers. */
export function ExportMenu({ formats, address, label }: { formats: readonly string[]; address: (format: string) => string; label?: string }) {
  const { t } = useWords();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button>{label ?? t("export")}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format} component="a" href={address(format)} download>
            {format.toUpperCase()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
