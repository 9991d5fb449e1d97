import { describe, expect, it } from 'vitest';
import { MemoryFile } from '../file-view.js';
import { ruby } from './ruby.js';

const read = (text: string) => ruby.extract(new MemoryFile('specifications/x.gemspec', Buffer.from(text)));
const HEAD = '# -*- encoding: utf-8 -*-\n';

describe('installed gems', () => {
  it('are described where RubyGems writes specifications', () => {
    const wanted = [
      'usr/local/lib/ruby/gems/3.3.0/specifications/default/json-2.7.1.gemspec',
      'usr/local/bundle/specifications/rack-3.0.8.gemspec',
      'app/vendor/bundle/ruby/3.3.0/specifications/nokogiri-1.16.0-x86_64-linux.gemspec',
    ];
    const not = ['app/mine.gemspec', 'gems/rack-3.0.8/rack.gemspec', 'specifications/x/rack.gemspec'];
    expect([...wanted, ...not].filter((path) => ruby.wants(path))).toEqual(wanted);
  });

  it.each<[string, string, string[]]>([
    [`${HEAD}# stub: nokogiri 1.16.0 x86_64-linux lib\n# stub: ext/nokogiri/extconf.rb\n`, 'nokogiri 1.16.0', []],
    [
      `${HEAD}# stub: a 1.0 ruby lib\n\nGem::Specification.new do |s|\n  s.name = "a".freeze\n  s.version = "1.0"\n  s.licenses = ["MIT".freeze, "Ruby".freeze]\nend\n`,
      'a 1.0',
      ['MIT', 'Ruby'],
    ],
    [
      'Gem::Specification.new do |spec|\n  spec.name        = \'b\'\n  spec.version = Gem::Version.new("2.0.pre")\n  spec.license = "BSD-2-Clause"\nend\n',
      'b 2.0.pre',
      ['BSD-2-Clause'],
    ],
    ['Gem::Specification.new do |s|\n  s.name = %q{rake}\n  s.version = "0.8.7"\n', 'rake 0.8.7', []],
  ])('%j', (text, expected, licenses) => {
    const { packages, gaps } = read(text);
    expect(packages.map(({ name, version }) => `${name} ${version}`)).toEqual([expected]);
    expect(packages[0]?.licenses).toEqual(licenses);
    expect(gaps).toEqual([]);
  });

  it.each([
    '',
    '# stub:\n',
    '  s.name = "a"\n  s.version = A::VERSION\n',
    '  s.name = "a#{x}"\n  s.version = "1"\n',
    `# stub: ${'x'.repeat(5000)} 1.0 ruby lib\n`,
  ])('that only running Ruby could name are a gap: %j', (text) => {
    expect(read(text)).toMatchObject({ packages: [], gaps: [{ code: 'file_unparsable' }] });
  });
});
