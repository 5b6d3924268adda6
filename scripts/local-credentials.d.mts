export const LOCAL_CLIENT_ID: string;
export const LOCAL_CLIENT_SECRET: string;

export interface Credentials {
  clientId: string;
  clientSecret: string;
}

export function localCredentials(given?: Partial<Credentials>): Credentials;
