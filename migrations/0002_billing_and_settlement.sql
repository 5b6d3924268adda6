CREATE TABLE `bill_run` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`bill_run_number` text NOT NULL,
	`name` text,
	`status` text NOT NULL,
	`target_date` text NOT NULL,
	`invoice_date` text NOT NULL,
	`filter` text NOT NULL,
	`options` text NOT NULL,
	`planned_through` text,
	`failure` text,
	`started_at` text,
	`finished_at` text,
	`posted_at` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bill_run_number` ON `bill_run` (`bill_run_number`);--> statement-breakpoint
CREATE INDEX `bill_run_open` ON `bill_run` (`id`) WHERE status IN ('Pending', 'Processing', 'Posting', 'Canceling', 'Removing');--> statement-breakpoint
CREATE TABLE `bill_run_account` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`bill_run_id` text NOT NULL,
	`account_id` text NOT NULL,
	`subscription_numbers` text,
	`status` text NOT NULL,
	`billed_through` text,
	`subscriptions` integer NOT NULL,
	`lines` integer NOT NULL,
	`pieces` integer NOT NULL,
	`messages` integer NOT NULL,
	`failure` text,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bill_run_account_run` ON `bill_run_account` (`bill_run_id`,`account_id`);--> statement-breakpoint
CREATE INDEX `bill_run_account_status` ON `bill_run_account` (`bill_run_id`,`status`,`updated_at`,`id`);--> statement-breakpoint
CREATE TABLE `billing_preview_run` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`run_number` text NOT NULL,
	`status` text NOT NULL,
	`target_date` text NOT NULL,
	`filter` text NOT NULL,
	`options` text NOT NULL,
	`previewed_through` text,
	`parts` integer NOT NULL,
	`file_id` text,
	`accounts` integer NOT NULL,
	`succeeded_accounts` integer NOT NULL,
	`failure` text,
	`started_at` text,
	`finished_at` text,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `billing_preview_run_number` ON `billing_preview_run` (`run_number`);--> statement-breakpoint
CREATE INDEX `billing_preview_run_open` ON `billing_preview_run` (`id`) WHERE status IN ('Pending', 'Processing');--> statement-breakpoint
CREATE TABLE `stored_file` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`content_type` text NOT NULL,
	`bytes` integer NOT NULL,
	`document_id` text,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `stored_file_expires_at` ON `stored_file` (`expires_at`);--> statement-breakpoint
CREATE INDEX `stored_file_document` ON `stored_file` (`document_id`,`id`) WHERE document_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `usage` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`revision` integer NOT NULL,
	`account_id` text NOT NULL,
	`subscription_number` text NOT NULL,
	`charge_number` text NOT NULL,
	`unit_of_measure` text NOT NULL,
	`quantity` text NOT NULL,
	`quantity_whole` integer NOT NULL,
	`quantity_nano` integer NOT NULL,
	`start_date` text NOT NULL,
	`start_date_time` text NOT NULL,
	`end_date_time` text,
	`description` text,
	`import_id` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `usage_id` ON `usage` (`id`);--> statement-breakpoint
CREATE INDEX `usage_charge` ON `usage` (`charge_number`,`start_date`);--> statement-breakpoint
CREATE INDEX `usage_account` ON `usage` (`account_id`,`start_date`,`id`);--> statement-breakpoint
CREATE TABLE `usage_import` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`file_name` text NOT NULL,
	`file_id` text NOT NULL,
	`bytes` integer NOT NULL,
	`status` text NOT NULL,
	`columns` text NOT NULL,
	`pieces` text NOT NULL,
	`pieces_done` integer NOT NULL,
	`rows` integer NOT NULL,
	`recorded` integer NOT NULL,
	`refused` integer NOT NULL,
	`failure` text,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `usage_import_open` ON `usage_import` (`updated_at`,`id`) WHERE status = 'Processing';--> statement-breakpoint
CREATE TABLE `usage_import_piece` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`import_id` text NOT NULL,
	`piece` integer NOT NULL,
	`outcomes` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `usage_import_piece_import` ON `usage_import_piece` (`import_id`,`piece`);--> statement-breakpoint
CREATE TABLE `credit_memo` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`memo_number` text NOT NULL,
	`account_id` text NOT NULL,
	`status` text NOT NULL,
	`memo_date` text NOT NULL,
	`target_date` text,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	`applied_minor` integer NOT NULL,
	`unapplied_minor` integer NOT NULL,
	`refunded_minor` integer NOT NULL,
	`reason_code` text,
	`comment` text,
	`referred_invoice_id` text,
	`source_type` text NOT NULL,
	`source_id` text,
	`bill_run_id` text,
	`is_reversed` integer NOT NULL,
	`auto_apply_upon_posting` integer NOT NULL,
	`exclude_from_auto_apply_rules` integer NOT NULL,
	`line_count` integer NOT NULL,
	`posted_at` text,
	`posted_by` text,
	`cancelled_at` text,
	`cancelled_by` text,
	`bill_to_contact_id` text,
	`sold_to_contact_id` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `credit_memo_number` ON `credit_memo` (`memo_number`);--> statement-breakpoint
CREATE INDEX `credit_memo_account` ON `credit_memo` (`account_id`,`memo_date`,`id`);--> statement-breakpoint
CREATE INDEX `credit_memo_invoice` ON `credit_memo` (`referred_invoice_id`,`id`) WHERE referred_invoice_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `credit_memo_bill_run` ON `credit_memo` (`bill_run_id`,`account_id`,`status`,`id`) WHERE bill_run_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `credit_memo_application` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`credit_memo_id` text NOT NULL,
	`document_id` text NOT NULL,
	`target_kind` text NOT NULL,
	`account_id` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`effective_date` text NOT NULL,
	`items` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `credit_memo_application_memo` ON `credit_memo_application` (`credit_memo_id`,`document_id`);--> statement-breakpoint
CREATE INDEX `credit_memo_application_document` ON `credit_memo_application` (`document_id`,`credit_memo_id`);--> statement-breakpoint
CREATE TABLE `credit_memo_item` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`credit_memo_id` text NOT NULL,
	`line` integer NOT NULL,
	`charge_name` text NOT NULL,
	`charge_date` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	`quantity` text NOT NULL,
	`unit_price` text NOT NULL,
	`service_start_date` text NOT NULL,
	`service_end_date` text,
	`product_rate_plan_charge_id` text,
	`subscription_id` text,
	`processing_type` text NOT NULL,
	`subscription_number` text,
	`charge_number` text,
	`charge_id` text,
	`applied_to_item_id` text,
	`applied_minor` integer DEFAULT 0 NOT NULL,
	`calculation` text,
	`refunded_minor` integer DEFAULT 0 NOT NULL,
	`credit_from_item_id` text,
	`credit_from_item_source` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	FOREIGN KEY (`credit_memo_id`) REFERENCES `credit_memo`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `credit_memo_item_line` ON `credit_memo_item` (`credit_memo_id`,`line`);--> statement-breakpoint
CREATE INDEX `credit_memo_item_charge` ON `credit_memo_item` (`charge_number`,`service_end_date`) WHERE charge_number IS NOT NULL;--> statement-breakpoint
CREATE INDEX `credit_memo_item_subscription` ON `credit_memo_item` (`subscription_number`,`service_end_date`) WHERE subscription_number IS NOT NULL;--> statement-breakpoint
CREATE INDEX `credit_memo_item_applied_to` ON `credit_memo_item` (`applied_to_item_id`) WHERE applied_to_item_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `credit_memo_item_from` ON `credit_memo_item` (`credit_from_item_id`) WHERE credit_from_item_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `debit_memo` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`memo_number` text NOT NULL,
	`account_id` text NOT NULL,
	`status` text NOT NULL,
	`memo_date` text NOT NULL,
	`due_date` text NOT NULL,
	`target_date` text,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	`balance_minor` integer NOT NULL,
	`payments_applied_minor` integer NOT NULL,
	`credit_memos_applied_minor` integer NOT NULL,
	`reason_code` text,
	`comment` text,
	`payment_term` text,
	`auto_pay` integer NOT NULL,
	`referred_invoice_id` text,
	`referred_credit_memo_id` text,
	`source_type` text NOT NULL,
	`line_count` integer NOT NULL,
	`posted_at` text,
	`posted_by` text,
	`cancelled_at` text,
	`cancelled_by` text,
	`bill_to_contact_id` text,
	`sold_to_contact_id` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `debit_memo_number` ON `debit_memo` (`memo_number`);--> statement-breakpoint
CREATE INDEX `debit_memo_account` ON `debit_memo` (`account_id`,`memo_date`,`id`);--> statement-breakpoint
CREATE INDEX `debit_memo_invoice` ON `debit_memo` (`referred_invoice_id`,`id`) WHERE referred_invoice_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `debit_memo_item` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`debit_memo_id` text NOT NULL,
	`line` integer NOT NULL,
	`charge_name` text NOT NULL,
	`charge_date` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	`quantity` text NOT NULL,
	`unit_price` text NOT NULL,
	`service_start_date` text NOT NULL,
	`service_end_date` text,
	`product_rate_plan_charge_id` text,
	`subscription_id` text,
	`processing_type` text NOT NULL,
	`applied_minor` integer NOT NULL,
	`applied_to_item_id` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	FOREIGN KEY (`debit_memo_id`) REFERENCES `debit_memo`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `debit_memo_item_line` ON `debit_memo_item` (`debit_memo_id`,`line`);--> statement-breakpoint
CREATE TABLE `payment_method` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`account_id` text NOT NULL,
	`type` text NOT NULL,
	`status` text NOT NULL,
	`token` text NOT NULL,
	`last_four` text,
	`brand` text,
	`expiration_month` integer,
	`expiration_year` integer,
	`holder_name` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `payment_method_account` ON `payment_method` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `refund` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`refund_number` text NOT NULL,
	`account_id` text NOT NULL,
	`type` text NOT NULL,
	`status` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`source_kind` text NOT NULL,
	`source_id` text NOT NULL,
	`refund_date` text NOT NULL,
	`method_type` text,
	`payment_method_id` text,
	`reason_code` text,
	`comment` text,
	`reference_id` text,
	`gateway_state` text NOT NULL,
	`items` text NOT NULL,
	`cancelled_at` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `refund_number` ON `refund` (`refund_number`);--> statement-breakpoint
CREATE INDEX `refund_account` ON `refund` (`account_id`,`refund_date`,`id`);--> statement-breakpoint
CREATE INDEX `refund_source` ON `refund` (`source_id`,`id`);--> statement-breakpoint
CREATE INDEX `refund_processing` ON `refund` (`updated_at`,`id`) WHERE status = 'Processing';--> statement-breakpoint
CREATE TABLE `test_gateway_transaction` (
	`request_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`token` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`currency` text NOT NULL,
	`outcome` text NOT NULL,
	`response_code` text NOT NULL,
	`calls` integer NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `invoice` ADD `source_id` text;--> statement-breakpoint
ALTER TABLE `invoice` ADD `bill_run_id` text;--> statement-breakpoint
ALTER TABLE `invoice` ADD `is_reversed` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `invoice` ADD `line_count` integer DEFAULT 1000 NOT NULL;--> statement-breakpoint
ALTER TABLE `invoice` ADD `one_time_lines` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `invoice` ADD `recurring_lines` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `invoice` ADD `usage_lines` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `invoice` ADD `discount_minor` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `invoice_bill_run` ON `invoice` (`bill_run_id`,`account_id`,`status`,`id`) WHERE bill_run_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `invoice_open` ON `invoice` (`account_id`,`due_date`,`id`) WHERE status = 'Posted' AND balance_minor > 0;--> statement-breakpoint
CREATE INDEX `invoice_posted` ON `invoice` (`account_id`,`currency`,`invoice_date`) WHERE status = 'Posted';--> statement-breakpoint
ALTER TABLE `invoice_item` ADD `subscription_number` text;--> statement-breakpoint
ALTER TABLE `invoice_item` ADD `charge_number` text;--> statement-breakpoint
ALTER TABLE `invoice_item` ADD `charge_id` text;--> statement-breakpoint
ALTER TABLE `invoice_item` ADD `applied_to_item_id` text;--> statement-breakpoint
ALTER TABLE `invoice_item` ADD `applied_minor` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `invoice_item` ADD `calculation` text;--> statement-breakpoint
ALTER TABLE `invoice_item` ADD `credited_minor` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `invoice_item_charge` ON `invoice_item` (`charge_number`,`service_end_date`) WHERE charge_number IS NOT NULL;--> statement-breakpoint
CREATE INDEX `invoice_item_subscription` ON `invoice_item` (`subscription_number`,`service_end_date`) WHERE subscription_number IS NOT NULL;--> statement-breakpoint
CREATE INDEX `invoice_item_applied` ON `invoice_item` (`invoice_id`) WHERE applied_minor <> 0;--> statement-breakpoint
CREATE INDEX `invoice_item_applied_to` ON `invoice_item` (`applied_to_item_id`) WHERE applied_to_item_id IS NOT NULL;--> statement-breakpoint
ALTER TABLE `metric_delta` ADD `withdraws_invoice_date` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `async_job` ADD `reference_id` text;--> statement-breakpoint
ALTER TABLE `payment` ADD `gateway_state` text DEFAULT 'NotSubmitted' NOT NULL;--> statement-breakpoint
ALTER TABLE `payment` ADD `cancelled_at` text;--> statement-breakpoint
CREATE INDEX `payment_processing` ON `payment` (`updated_at`,`id`) WHERE status = 'Processing';--> statement-breakpoint
ALTER TABLE `payment_application` ADD `target_kind` text DEFAULT 'invoice' NOT NULL;--> statement-breakpoint
ALTER TABLE `payment_application` ADD `items` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `subscription` ADD `billing_from` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `subscription_billing` ON `subscription` (`invoice_owner_account_id`,`billing_from`,`id`) WHERE is_latest_version = 1;