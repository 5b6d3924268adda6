CREATE TABLE `metric_day` (
	`account_id` text NOT NULL,
	`day` text NOT NULL,
	`currency` text NOT NULL,
	`last_sequence` integer NOT NULL,
	`total_invoice_balance_minor` integer NOT NULL,
	`total_debit_memo_balance_minor` integer NOT NULL,
	`unapplied_payment_minor` integer NOT NULL,
	`unapplied_credit_memo_minor` integer NOT NULL,
	`reserved_payment_minor` integer NOT NULL,
	`contracted_mrr_whole` integer NOT NULL,
	`contracted_mrr_nano` integer NOT NULL,
	PRIMARY KEY(`account_id`, `day`, `currency`)
);
--> statement-breakpoint
CREATE TABLE `metric_history` (
	`account_id` text PRIMARY KEY NOT NULL,
	`sequence` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `account_name` ON `account` (name COLLATE NOCASE,`id`);