import { describe, expect, it } from 'vitest';
import { pipelinesOf } from './commands.js';
import { parseInstruction } from './instruction.js';

const shown = (createdBy: string) => {
  const step = parseInstruction(createdBy);
  return step && [step.keyword, step.text, step.buildArguments.map(({ name, value }) => `${name}=${value}`).join('|')];
};

describe('a step of a history', () => {
  it.each<[string, string, string | null, string, string]>([
    ['the first builder', '/bin/sh -c #(nop)  CMD ["bash"]', 'CMD', '["bash"]', ''],
    ['the first builder’s ADD', '/bin/sh -c #(nop) ADD file:0a1b in / ', 'ADD', 'file:0a1b in /', ''],
    ['the first builder’s RUN', '/bin/sh -c apt-get update', 'RUN', 'apt-get update', ''],
    ['its build arguments', '|2 A=1 TOKEN=s3c ret /bin/sh -c make', 'RUN', 'make', 'A=1|TOKEN=s3c ret'],
    ['an empty build argument', '|1 A= /bin/sh -c make', 'RUN', 'make', 'A='],
    ['another SHELL', '/bin/bash -o pipefail -c curl x | tar x', 'RUN', 'curl x | tar x', ''],
    ['BuildKit', 'RUN /bin/sh -c apk add curl # buildkit', 'RUN', 'apk add curl', ''],
    ['BuildKit’s build arguments', 'RUN |1 V=1.2 /bin/sh -c make # buildkit', 'RUN', 'make', 'V=1.2'],
    ['BuildKit’s COPY', 'COPY . /app # buildkit', 'COPY', '. /app', ''],
    ['BuildKit’s ENV', 'ENV A=b', 'ENV', 'A=b', ''],
    ['BuildKit’s exec form', 'RUN apt-get update # buildkit', 'RUN', 'apt-get update', ''],
    ['BuildKit’s here-document', 'RUN /bin/sh -c a\nb\n # buildkit', 'RUN', 'a\nb', ''],
    ['kaniko', 'RUN apk add --no-cache curl', 'RUN', 'apk add --no-cache curl', ''],
    ['buildah', '/bin/sh -c #(nop) COPY dir:12 in /x', 'COPY', 'dir:12 in /x', ''],
    ['Windows', 'cmd /S /C #(nop) WORKDIR C:\\app', 'WORKDIR', 'C:\\app', ''],
    ['Windows’ RUN', 'powershell -Command Invoke-WebRequest x', 'RUN', 'Invoke-WebRequest x', ''],
    [
      'debuerreotype',
      "# debian.sh --arch 'amd64' out/ 'bookworm'",
      null,
      "# debian.sh --arch 'amd64' out/ 'bookworm'",
      '',
    ],
    ['Bazel', 'bazel build ...', null, 'bazel build ...', ''],
    ['jib', 'jib-maven-plugin:3.4.0', null, 'jib-maven-plugin:3.4.0', ''],
    ['an argument count that lies', '|9 A=1 /bin/sh -c make', 'RUN', 'make', 'A=1 /bin/sh -c make'.slice(0, 3)],
  ])('of %s', (_who, createdBy, keyword, text, buildArguments) => {
    const [gotKeyword, gotText, gotArguments] = shown(createdBy) ?? [];
    expect(gotKeyword).toBe(keyword);
    if (createdBy.startsWith('|9')) expect(gotArguments).toMatch(/^A=/);
    else expect([gotText, gotArguments]).toEqual([text, buildArguments]);
  });

  it('is nothing when it is empty', () => {
    expect([parseInstruction(''), parseInstruction('  # buildkit')]).toEqual([null, null]);
  });

  it('takes no long time, whatever it says', () => {
    const started = performance.now();
    const hostile = [
      `|999 ${'A=b '.repeat(16_000)}`,
      `RUN ${'/bin/sh '.repeat(8_000)}`,
      `|1 A=${'/bin/sh -x '.repeat(6_000)}`,
      `/bin/sh ${'-x '.repeat(20_000)}`,
      `${'/'.repeat(64_000)}sh -c x`,
      `RUN ${' '.repeat(64_000)}x`,
    ];
    for (const text of hostile) parseInstruction(text);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('the commands of a RUN', () => {
  it('are split at separators, without what prepares them', () => {
    const text =
      'set -ex; cd /tmp && A=b sudo -E apt-get \\\n  update || exit 1\ncurl -sL "http://x/?a=1&b=2" | /bin/bash -';
    expect(pipelinesOf(text).map((pipeline) => pipeline.map(({ name, arguments: words }) => [name, ...words]))).toEqual(
      [
        [['set', '-ex']],
        [['cd', '/tmp']],
        [['apt-get', 'update']],
        [['exit', '1']],
        [
          ['curl', '-sL', '"http://x/?a=1&b=2"'],
          ['bash', '-'],
        ],
      ],
    );
  });
});
