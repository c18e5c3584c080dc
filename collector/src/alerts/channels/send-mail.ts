/** E-mail over SMTP: the same check of the host as everything else, and TLS that is not optional. */
import { connect, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import type { Attempt } from '../delivery.ts';
import type { AllowList } from './allow-list.ts';
import type { Mail } from './mail.ts';
import type { Mailbox } from './mailbox.ts';
import { describeCode, orAborted } from './outbound.ts';
import {
  checkTarget,
  OutboundFailed,
  OutboundRefused,
  type CheckedTarget,
  type Resolve,
} from './target.ts';

export type SmtpServer = {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS. */
  readonly isImplicitTls: boolean;
  /** Empty = no login. */
  readonly username: string;
  readonly password: string;
};

export type SendMailOptions = {
  readonly allow: AllowList;
  readonly signal: AbortSignal;
  /** Of everything: the name, the connection, the dialogue. */
  readonly timeoutMs: number;
  readonly resolve?: Resolve | undefined;
};

export const smtpPorts: readonly number[] = [25, 465, 587, 2525];

/** `smtp://host:587` or `smtps://host:465`; null when it is neither. */
export function readSmtpUrl(
  text: string,
): { host: string; port: number; isImplicitTls: boolean } | null {
  const parts = /^(smtps?):\/\/([^/?#@]+)\/?$/i.exec(text);
  // As a web address, since only of those hosts are read as everybody reads them.
  const url = parts === null ? null : URL.parse(`http://${parts[2]}`);
  if (parts === null || url === null || url.hostname === '') return null;
  const isImplicitTls = parts[1]?.toLowerCase() === 'smtps';
  // Port 80 is the one that a web address leaves out.
  const isEighty = /:0*80$/.test(parts[2] ?? '');
  const port = url.port === '' ? (isEighty ? 80 : isImplicitTls ? 465 : 587) : Number(url.port);
  return { host: url.hostname, port, isImplicitTls };
}

export async function sendMail(
  server: SmtpServer,
  mail: Mail,
  options: SendMailOptions,
): Promise<Attempt> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  let socket: Socket | null = null;
  const stop = () => socket?.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const guard = { allow: options.allow, usualPorts: smtpPorts, resolve: options.resolve };
    const target = await orAborted(checkTarget(server.host, server.port, guard), signal);
    socket = await orAborted(connectToAny(target), signal);
    return await orAborted(deliver(server, target, socket, mail), signal);
  } catch (error) {
    return toAttempt(server, error, timeout.aborted ? options.timeoutMs : null);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

async function deliver(
  server: SmtpServer,
  target: CheckedTarget,
  connection: Socket,
  mail: Mail,
): Promise<Attempt> {
  const transport = createTransport({
    host: target.host,
    port: target.port,
    connection,
    secure: server.isImplicitTls,
    // Nobody stands between us and this very host, and its certificate is seldom of an authority.
    requireTLS: !target.isLoopback,
    tls: { rejectUnauthorized: !target.isLoopback, minVersion: 'TLSv1.2' },
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(server.username === '' ? {} : { auth: { user: server.username, pass: server.password } }),
  });
  const info = await transport.sendMail({
    from: toHeader(mail.from),
    to: mail.to.map(toHeader),
    envelope: { from: mail.from.address, to: mail.to.map(({ address }) => address) },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    references: mail.references,
    headers: {
      'List-Id': { prepared: true, value: mail.listId },
      'Auto-Submitted': 'auto-generated',
    },
  });
  const [rejected] = info.rejectedErrors ?? [];
  if (rejected !== undefined) throw rejected;
  return { outcome: 'delivered', status: readStatus(info.response) };
}

/** Of addresses that were checked, one after the other. */
async function connectToAny(target: CheckedTarget): Promise<Socket> {
  let failure: unknown;
  for (const address of target.addresses) {
    try {
      return await connectTo(address, target.port);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function connectTo(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: 10_000 });
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners();
      resolve(socket);
    });
    socket.once('timeout', () => socket.destroy(new OutboundFailed(`port ${port} did not answer`)));
    socket.once('error', reject);
  });
}

function toHeader({ name, address }: Mailbox): { name: string; address: string } {
  return { name, address };
}

function readStatus(response: string): number | null {
  const status = Number(response.slice(0, 3));
  return Number.isInteger(status) && status > 0 ? status : null;
}

/** The words of a server are not shown: it may be one that only we can reach. */
function toAttempt(server: SmtpServer, error: unknown, lateMs: number | null): Attempt {
  const where = `${server.host}:${server.port}`;
  if (error instanceof OutboundRefused) return refuse(null, error.message);
  if (lateMs !== null) return fail(null, `${where} did not finish within ${lateMs / 1000} s.`);
  if (error instanceof OutboundFailed) return fail(null, error.message);
  const { code = '', responseCode = null } = readSmtpError(error);
  if (code === 'ETLS' && responseCode !== null) {
    return refuse(
      responseCode,
      `${where} offers no encryption. Use a server with STARTTLS, or smtps://.`,
    );
  }
  if (responseCode !== null && responseCode >= 500)
    return refuse(responseCode, describe(where, code, responseCode));
  if (responseCode !== null)
    return fail(responseCode, `${where} asked to come again (${responseCode}).`);
  return fail(null, `${where} could not be reached: ${describeCode(error)}.`);
}

function describe(where: string, code: string, status: number): string {
  if (code === 'EAUTH')
    return `${where} refused the user name or the password (${status}). Set them again.`;
  if (code === 'EENVELOPE')
    return `${where} refused the sender or one of the receivers (${status}). Check their addresses.`;
  return `${where} refused the message (${status}).`;
}

function readSmtpError(error: unknown): { code?: string; responseCode?: number | null } {
  if (!(error instanceof Error)) return {};
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const status = 'responseCode' in error ? error.responseCode : null;
  return { code, responseCode: typeof status === 'number' && status > 0 ? status : null };
}

function refuse(status: number | null, message: string): Attempt {
  return { outcome: 'refused', status, message };
}

function fail(status: number | null, message: string): Attempt {
  return { outcome: 'failed', status, message, retryAfterMs: null };
}
