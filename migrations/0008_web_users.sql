CREATE TABLE `sign_in_attempt` (
	`address` text NOT NULL,
	`window_start` text NOT NULL,
	`attempts` integer NOT NULL,
	PRIMARY KEY(`address`, `window_start`)
);
--> statement-breakpoint
CREATE INDEX `sign_in_attempt_window_start` ON `sign_in_attempt` (`window_start`);--> statement-breakpoint
CREATE TABLE `web_session` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `web_session_user` ON `web_session` (`user_id`);--> statement-breakpoint
CREATE INDEX `web_session_expires_at` ON `web_session` (`expires_at`);--> statement-breakpoint
CREATE TABLE `web_user` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`password_hash` text NOT NULL,
	`locale` text,
	`time_zone` text,
	`theme` text DEFAULT 'system' NOT NULL,
	`created_at` text NOT NULL,
	`disabled_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `web_user_email` ON `web_user` (`email`);