export const LOCAL_CLIENT_ID: string;
export const LOCAL_CLIENT_SECRET: string;

export interface Credentials {
  clientId: string;
  clientSecret: string;
}

export function localCredentials(given?: Partial<Credentials>): Credentials;

export const LOCAL_ADMIN_EMAIL: string;
export const LOCAL_ADMIN_PASSWORD: string;

export interface Admin {
  adminEmail: string;
  adminPassword: string;
}

export function localAdmin(given?: Partial<Admin>): Admin;
