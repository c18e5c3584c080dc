import { StoreStartError } from '../store-start-error.ts';

/** The data directory cannot be created, read or written. */
export class DataDirectoryError extends StoreStartError {
  override readonly name: string = 'DataDirectoryError';
}

/** Another process has it open: the engine allows one. */
export class DataDirectoryInUseError extends DataDirectoryError {
  override readonly name: string = 'DataDirectoryInUseError';
}
