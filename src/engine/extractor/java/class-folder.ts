/** Folders of an archive that hold classes of others, or none. */
const NOT_CLASSES = /^(?:META-INF|BOOT-INF|WEB-INF|APP-INF)\//;

/** The folder that all classes of an archive have in common, as they are seen one after the other. */
export class ClassFolder {
  private common: string | null = null;

  see(name: string): void {
    if (this.common !== null && name.startsWith(this.common)) return;
    if (!name.endsWith('.class') || NOT_CLASSES.test(name)) return;
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    // A lone class at the root, as module-info, says nothing.
    if (folder === '') return;
    if (this.common === null) this.common = folder;
    else while (!folder.startsWith(this.common)) this.common = this.common.replace(/[^/]*\/$/, '');
  }

  /** `org/springframework`; empty where there is none. */
  get path(): string {
    return this.common?.slice(0, -1) ?? '';
  }
}
