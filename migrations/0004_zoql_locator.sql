CREATE TABLE `zoql_locator` (
	`id` text NOT NULL,
	`record_offset` integer NOT NULL,
	`query_text` text NOT NULL,
	`along` text NOT NULL,
	`size` integer NOT NULL,
	`last_row_id` integer NOT NULL,
	`after_row_id` integer NOT NULL,
	`after_element` integer NOT NULL,
	`expires_at` text NOT NULL,
	PRIMARY KEY(`id`, `record_offset`)
);
--> statement-breakpoint
CREATE INDEX `zoql_locator_expires_at` ON `zoql_locator` (`expires_at`);