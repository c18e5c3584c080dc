import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readStatement, splitStatements } from './sql-text.ts';

describe('splitStatements', () => {
  test.each<[name: string, sql: string, statements: string[]]>([
    ['one without an end', 'SELECT 1', ['SELECT 1']],
    ['two, and nothing after the last', 'SELECT 1;\nSELECT 2;\n', ['SELECT 1', 'SELECT 2']],
    ['a semicolon in a string', "SELECT 'a;b'; SELECT 2", ["SELECT 'a;b'", 'SELECT 2']],
    [
      'an escaped quote in a string',
      String.raw`SELECT 'a\';b'; SELECT 2`,
      [String.raw`SELECT 'a\';b'`, 'SELECT 2'],
    ],
    ['a doubled quote in a string', "SELECT 'a'';b'", ["SELECT 'a'';b'"]],
    ['quoted names', 'SELECT `a;b`, "c;d"', ['SELECT `a;b`, "c;d"']],
    ['a line comment', 'SELECT 1 -- one; two\n; SELECT 2', ['SELECT 1 -- one; two', 'SELECT 2']],
    ['a block comment', 'SELECT /* a; b */ 1', ['SELECT /* a; b */ 1']],
    ['a heredoc', 'SELECT $x$a;b$x$; SELECT 2', ['SELECT $x$a;b$x$', 'SELECT 2']],
    ['comments alone', '-- nothing;\n/* here; */;', []],
    ['a comment before a statement', '-- why\nSELECT 1;', ['-- why\nSELECT 1']],
  ])('%s', (_, sql, statements) => {
    expect(splitStatements(sql)).toEqual(statements);
  });

  test('any text in quotes stays in one piece', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const literal = `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
        expect(splitStatements(`SELECT ${literal};SELECT 2`)).toEqual([
          `SELECT ${literal}`,
          'SELECT 2',
        ]);
      }),
    );
  });
  test('any text at all is cut without loss or end', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a;\'"`\\\n-/*#$() ') }), (text) => {
        for (const statement of splitStatements(text)) expect(text).toContain(statement);
      }),
    );
  });
});

describe('readStatement', () => {
  test.each<[name: string, sql: string, verb: string, format: string]>([
    ['a plain select', 'select 1', 'SELECT', ''],
    ['the format it asks for', 'SELECT 1\nFORMAT JSONEachRow', 'SELECT', 'JSONEachRow'],
    [
      'no format of a subquery or a string',
      "SELECT 'FORMAT x', format('a') FROM (SELECT 1)",
      'SELECT',
      '',
    ],
    ['comments before the verb', '-- note\n/* x */ WITH 1 AS a SELECT a', 'WITH', ''],
    ['parentheses first', '(SELECT 1) UNION ALL (SELECT 2)', '(', ''],
    ['nothing', ' \n-- only a comment', '', ''],
  ])('%s', (_, sql, verb, format) => {
    expect(readStatement(sql)).toEqual({ verb, format, insert: null });
  });

  test.each<
    [name: string, sql: string, into: string, settings: string, format: string, inline: string]
  >([
    [
      'rows in the body',
      'INSERT INTO t (a, b) FORMAT Native',
      'INSERT INTO t (a, b)',
      '',
      'Native',
      '',
    ],
    [
      'rows after the format',
      'INSERT INTO t FORMAT CSV\n1,2\n\n3,4',
      'INSERT INTO t',
      '',
      'CSV',
      '1,2\n\n3,4',
    ],
    [
      'values',
      "INSERT INTO t VALUES (1, 'a'), (2, 'b') ; ",
      'INSERT INTO t',
      '',
      'Values',
      "(1, 'a'), (2, 'b')",
    ],
    [
      'settings',
      'INSERT INTO t SETTINGS a = 1, b = 2 FORMAT TSV',
      'INSERT INTO t',
      'SETTINGS a = 1, b = 2',
      'TSV',
      '',
    ],
    [
      'a function',
      "INSERT INTO FUNCTION null('x Int8') VALUES (1)",
      "INSERT INTO FUNCTION null('x Int8')",
      '',
      'Values',
      '(1)',
    ],
    [
      'a column called values',
      'INSERT INTO t (`values`, format) FORMAT TSV',
      'INSERT INTO t (`values`, format)',
      '',
      'TSV',
      '',
    ],
  ])('an insert with %s', (_, sql, into, settings, format, inline) => {
    expect(readStatement(sql)).toEqual({
      verb: 'INSERT',
      format: '',
      insert: { into, settings, format, inline },
    });
  });

  test.each([
    'INSERT INTO t SELECT 1 FORMAT Null',
    "INSERT INTO t FROM INFILE 'x' FORMAT Native",
    'INSERT INTO t WITH 1 AS a SELECT a',
  ])('no rows of its own: %s', (sql) => {
    expect(readStatement(sql).insert).toBeNull();
  });
});
