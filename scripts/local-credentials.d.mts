export const LOCAL_CLIENT_ID: string;
export const LOCAL_CLIENT_SECRET: string;
