import { describe, expect, it } from 'vitest';
import { MemoryFile } from '../file-view.js';
import { php } from './php.js';

const read = (text: string) => php.extract(new MemoryFile('vendor/composer/installed.json', Buffer.from(text)));
const ONE = '{"name":"symfony/http-kernel","version":"v6.4.1","version_normalized":"6.4.1.0","license":["MIT"]}';

describe('packages that Composer installed', () => {
  it('are listed in its folder, whatever the folder above is named', () => {
    const wanted = ['composer/installed.json', 'app/vendor/composer/installed.json', 'srv/lib/composer/installed.json'];
    const not = ['app/installed.json', 'app/xcomposer/installed.json', 'vendor/composer/installed.php'];
    expect([...wanted, ...not].filter((path) => php.wants(path))).toEqual(wanted);
  });

  it.each([`[${ONE}]`, `{"packages":[${ONE}],"dev":true,"dev-package-names":["symfony/http-kernel"]}`])(
    'are read from %s, for development or not',
    (text) => {
      expect(read(text)).toMatchObject({
        packages: [{ type: 'composer', name: 'symfony/http-kernel', version: 'v6.4.1', licenses: ['MIT'] }],
        gaps: [],
      });
    },
  );

  it('may be none, or of a branch', () => {
    expect(read('[]')).toMatchObject({ packages: [], gaps: [] });
    expect(read('{"packages":[{"name":"a/b","version":"dev-main"}]}').packages[0]?.version).toBe('dev-main');
  });

  it.each(['', '{}', '1', 'null', '{"packages":{}}', '[{"name":"a/b"}]', '[{"version":"1"}]', '[1]', '[[]]'])(
    'that cannot be read are a gap: %j',
    (text) => {
      expect(read(text)).toMatchObject({ packages: [], gaps: [{ code: 'file_unparsable' }] });
    },
  );
});
