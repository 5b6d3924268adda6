CREATE TABLE `account` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`account_number` text NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`currency` text NOT NULL,
	`bill_cycle_day` integer NOT NULL,
	`batch` text NOT NULL,
	`auto_pay` integer NOT NULL,
	`partner_account` integer NOT NULL,
	`parent_id` text,
	`bill_to_contact_id` text,
	`sold_to_contact_id` text,
	`payment_term` text NOT NULL,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `account_number` ON `account` (`account_number`);--> statement-breakpoint
CREATE INDEX `account_parent` ON `account` (`parent_id`);--> statement-breakpoint
CREATE INDEX `account_partner` ON `account` (`partner_account`);--> statement-breakpoint
CREATE TABLE `contact` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`account_id` text NOT NULL,
	`first_name` text NOT NULL,
	`last_name` text NOT NULL,
	`work_email` text,
	`country` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `account`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `contact_account` ON `contact` (`account_id`);--> statement-breakpoint
CREATE TABLE `contact_snapshot` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`contact_id` text NOT NULL,
	`account_id` text NOT NULL,
	`contact` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `invoice` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`invoice_number` text NOT NULL,
	`account_id` text NOT NULL,
	`status` text NOT NULL,
	`invoice_date` text NOT NULL,
	`due_date` text NOT NULL,
	`target_date` text,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`tax_minor` integer NOT NULL,
	`balance_minor` integer NOT NULL,
	`payments_applied_minor` integer NOT NULL,
	`credit_memos_applied_minor` integer NOT NULL,
	`payment_term` text,
	`auto_pay` integer NOT NULL,
	`source_type` text NOT NULL,
	`posted_at` text,
	`posted_by` text,
	`comments` text,
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
CREATE UNIQUE INDEX `invoice_number` ON `invoice` (`invoice_number`);--> statement-breakpoint
CREATE INDEX `invoice_account` ON `invoice` (`account_id`,`invoice_date`,`id`);--> statement-breakpoint
CREATE TABLE `invoice_item` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`invoice_id` text NOT NULL,
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
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	FOREIGN KEY (`invoice_id`) REFERENCES `invoice`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invoice_item_line` ON `invoice_item` (`invoice_id`,`line`);--> statement-breakpoint
CREATE TABLE `catalog_state` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `charge_tier_key` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`product_rate_plan_charge_id` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `product` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`product_number` text NOT NULL,
	`name` text NOT NULL,
	`sku` text NOT NULL,
	`effective_start_date` text NOT NULL,
	`effective_end_date` text NOT NULL,
	`description` text,
	`category` text,
	`allow_feature_changes` integer NOT NULL,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `product_number` ON `product` (`product_number`);--> statement-breakpoint
CREATE UNIQUE INDEX `product_sku` ON `product` (`sku`);--> statement-breakpoint
CREATE TABLE `product_rate_plan` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`product_id` text NOT NULL,
	`rate_plan_number` text NOT NULL,
	`name` text NOT NULL,
	`effective_start_date` text NOT NULL,
	`effective_end_date` text NOT NULL,
	`description` text,
	`external_ids` text NOT NULL,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `product_rate_plan_number` ON `product_rate_plan` (`rate_plan_number`);--> statement-breakpoint
CREATE INDEX `product_rate_plan_product` ON `product_rate_plan` (`product_id`,`id`);--> statement-breakpoint
CREATE TABLE `product_rate_plan_charge` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`product_rate_plan_id` text NOT NULL,
	`charge_number` text NOT NULL,
	`name` text NOT NULL,
	`charge_model` text NOT NULL,
	`charge_type` text NOT NULL,
	`bill_cycle_type` text NOT NULL,
	`bill_cycle_day` integer,
	`weekly_bill_cycle_day` text,
	`billing_period` text,
	`specific_billing_period` integer,
	`billing_timing` text,
	`billing_period_alignment` text,
	`list_price_base` text,
	`specific_list_price_base` integer,
	`trigger_event` text NOT NULL,
	`end_date_condition` text,
	`up_to_periods` integer,
	`up_to_periods_type` text,
	`default_quantity` text,
	`unit_of_measure` text,
	`tiers` text NOT NULL,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `product_rate_plan_charge_number` ON `product_rate_plan_charge` (`charge_number`);--> statement-breakpoint
CREATE INDEX `product_rate_plan_charge_plan` ON `product_rate_plan_charge` (`product_rate_plan_id`,`id`);--> statement-breakpoint
CREATE TABLE `rate_plan_external_id` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`external_id` text NOT NULL,
	`product_rate_plan_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `rate_plan_external_id_value` ON `rate_plan_external_id` (`external_id`);--> statement-breakpoint
CREATE TABLE `access_token` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`expires_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `access_token_expires_at` ON `access_token` (`expires_at`);--> statement-breakpoint
CREATE INDEX `access_token_client` ON `access_token` (`client_id`);--> statement-breakpoint
CREATE TABLE `account_metrics` (
	`account_id` text NOT NULL,
	`currency` text NOT NULL,
	`total_invoice_balance_minor` integer NOT NULL,
	`total_debit_memo_balance_minor` integer NOT NULL,
	`unapplied_payment_minor` integer NOT NULL,
	`unapplied_credit_memo_minor` integer NOT NULL,
	`reserved_payment_minor` integer NOT NULL,
	`contracted_mrr_whole` integer NOT NULL,
	`contracted_mrr_nano` integer NOT NULL,
	`last_invoice_date` text,
	PRIMARY KEY(`account_id`, `currency`)
);
--> statement-breakpoint
CREATE TABLE `api_client` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`secret_hash` text NOT NULL,
	`role` text NOT NULL,
	`created_at` text NOT NULL,
	`revoked_at` text
);
--> statement-breakpoint
CREATE TABLE `command_log` (
	`command_id` text PRIMARY KEY NOT NULL,
	`commit_id` text NOT NULL,
	`kind` text NOT NULL,
	`actor` text NOT NULL,
	`request_id` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `commit_guard` (
	`stale` text,
	CONSTRAINT "stale_read" CHECK(stale IS NULL)
);
--> statement-breakpoint
CREATE TABLE `dead_letter` (
	`id` text PRIMARY KEY NOT NULL,
	`queue` text NOT NULL,
	`body` text NOT NULL,
	`reason` text NOT NULL,
	`arrived_at` text NOT NULL,
	`replayed_at` text
);
--> statement-breakpoint
CREATE INDEX `dead_letter_arrived_at` ON `dead_letter` (`arrived_at`);--> statement-breakpoint
CREATE TABLE `idempotency` (
	`key` text PRIMARY KEY NOT NULL,
	`request_hash` text NOT NULL,
	`command_id` text NOT NULL,
	`status` integer NOT NULL,
	`body` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `idempotency_created_at` ON `idempotency` (`created_at`);--> statement-breakpoint
CREATE TABLE `lane_commit` (
	`commit_id` text PRIMARY KEY NOT NULL,
	`lane_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`commands` integer NOT NULL,
	`committed_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `lane_commit_sequence` ON `lane_commit` (`lane_id`,`sequence`);--> statement-breakpoint
CREATE TABLE `metric_delta` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`account_id` text NOT NULL,
	`currency` text NOT NULL,
	`total_invoice_balance_minor` integer NOT NULL,
	`total_debit_memo_balance_minor` integer NOT NULL,
	`unapplied_payment_minor` integer NOT NULL,
	`unapplied_credit_memo_minor` integer NOT NULL,
	`reserved_payment_minor` integer NOT NULL,
	`contracted_mrr_whole` integer NOT NULL,
	`contracted_mrr_nano` integer NOT NULL,
	`last_invoice_date` text,
	`command_id` text NOT NULL,
	`document_kind` text NOT NULL,
	`document_id` text NOT NULL,
	`committed_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `metric_delta_account` ON `metric_delta` (`account_id`,`sequence`);--> statement-breakpoint
CREATE TABLE `metrics_due` (
	`account_id` text PRIMARY KEY NOT NULL,
	`since` text NOT NULL,
	`complete_until` text
);
--> statement-breakpoint
CREATE INDEX `metrics_due_since` ON `metrics_due` (`since`);--> statement-breakpoint
CREATE TABLE `metrics_state` (
	`account_id` text PRIMARY KEY NOT NULL,
	`watermark` integer NOT NULL,
	`last_metrics_update` text,
	`flagged_at` text
);
--> statement-breakpoint
CREATE TABLE `number_range` (
	`kind` text PRIMARY KEY NOT NULL,
	`next_value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tenant_setting` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `order_action` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`order_id` text NOT NULL,
	`order_subscription_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`type` text NOT NULL,
	`body` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `order_action_sequence` ON `order_action` (`order_subscription_id`,`sequence`);--> statement-breakpoint
CREATE TABLE `order_subscription` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`order_id` text NOT NULL,
	`line` integer NOT NULL,
	`subscription_id` text,
	`subscription_number` text,
	`base_version` integer,
	`new_version` integer,
	`subscription_owner_account_id` text NOT NULL,
	`invoice_owner_account_id` text NOT NULL,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `order_subscription_line` ON `order_subscription` (`order_id`,`line`);--> statement-breakpoint
CREATE INDEX `order_subscription_number` ON `order_subscription` (`subscription_number`);--> statement-breakpoint
CREATE INDEX `order_subscription_owner` ON `order_subscription` (`subscription_owner_account_id`,`order_id`);--> statement-breakpoint
CREATE INDEX `order_subscription_invoice_owner` ON `order_subscription` (`invoice_owner_account_id`,`order_id`);--> statement-breakpoint
CREATE TABLE `orders` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`order_number` text NOT NULL,
	`account_id` text NOT NULL,
	`order_date` text NOT NULL,
	`status` text NOT NULL,
	`currency` text NOT NULL,
	`description` text,
	`category` text NOT NULL,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `orders_number` ON `orders` (`order_number`);--> statement-breakpoint
CREATE INDEX `orders_account` ON `orders` (`account_id`,`order_date`);--> statement-breakpoint
CREATE INDEX `orders_date` ON `orders` (`order_date`,`id`);--> statement-breakpoint
CREATE INDEX `orders_not_completed` ON `orders` (`status`,`id`) WHERE status <> 'Completed';--> statement-breakpoint
CREATE TABLE `payment` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`payment_number` text NOT NULL,
	`account_id` text NOT NULL,
	`type` text NOT NULL,
	`status` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`applied_minor` integer NOT NULL,
	`unapplied_minor` integer NOT NULL,
	`refunded_minor` integer NOT NULL,
	`effective_date` text NOT NULL,
	`payment_method_id` text,
	`payment_method_type` text,
	`comment` text,
	`reference_id` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_number` ON `payment` (`payment_number`);--> statement-breakpoint
CREATE INDEX `payment_account` ON `payment` (`account_id`,`effective_date`,`id`);--> statement-breakpoint
CREATE TABLE `payment_application` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`payment_id` text NOT NULL,
	`invoice_id` text NOT NULL,
	`account_id` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`effective_date` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_application_payment` ON `payment_application` (`payment_id`,`invoice_id`);--> statement-breakpoint
CREATE INDEX `payment_application_invoice` ON `payment_application` (`invoice_id`,`payment_id`);--> statement-breakpoint
CREATE TABLE `charge` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`rate_plan_id` text NOT NULL,
	`subscription_original_id` text NOT NULL,
	`charge_number` text NOT NULL,
	`original_charge_id` text NOT NULL,
	`segment` integer NOT NULL,
	`version` integer NOT NULL,
	`added_in_version` integer NOT NULL,
	`removed_in_version` integer,
	`product_rate_plan_charge_id` text NOT NULL,
	`product_rate_plan_charge_number` text NOT NULL,
	`name` text NOT NULL,
	`charge_type` text NOT NULL,
	`charge_model` text NOT NULL,
	`currency` text NOT NULL,
	`price` text,
	`quantity` text,
	`unit_of_measure` text,
	`billing_period` text,
	`specific_billing_period` integer,
	`billing_timing` text,
	`billing_period_alignment` text,
	`bill_cycle_type` text NOT NULL,
	`bill_cycle_day` integer,
	`list_price_base` text,
	`trigger_event` text NOT NULL,
	`trigger_date` text,
	`end_date_condition` text NOT NULL,
	`specific_end_date` text,
	`up_to_periods` integer,
	`up_to_periods_type` text,
	`effective_start_date` text,
	`effective_end_date` text,
	`charged_through_date` text,
	`processed_through_date` text,
	`monthly_recurring_revenue` text NOT NULL,
	`total_contracted_value` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `charge_subscription` ON `charge` (`subscription_original_id`);--> statement-breakpoint
CREATE INDEX `charge_number` ON `charge` (`charge_number`);--> statement-breakpoint
CREATE INDEX `charge_product_rate_plan_charge` ON `charge` (`product_rate_plan_charge_id`);--> statement-breakpoint
CREATE TABLE `rate_plan` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`rate_plan_number` text NOT NULL,
	`subscription_original_id` text NOT NULL,
	`added_in_version` integer NOT NULL,
	`removed_in_version` integer,
	`product_id` text NOT NULL,
	`product_name` text NOT NULL,
	`product_sku` text NOT NULL,
	`product_rate_plan_id` text NOT NULL,
	`product_rate_plan_number` text NOT NULL,
	`name` text NOT NULL,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `rate_plan_subscription` ON `rate_plan` (`subscription_original_id`);--> statement-breakpoint
CREATE INDEX `rate_plan_product_rate_plan` ON `rate_plan` (`product_rate_plan_id`);--> statement-breakpoint
CREATE TABLE `subscription` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`subscription_number` text NOT NULL,
	`original_id` text NOT NULL,
	`version` integer NOT NULL,
	`is_latest_version` integer NOT NULL,
	`status` text NOT NULL,
	`account_id` text NOT NULL,
	`invoice_owner_account_id` text NOT NULL,
	`order_id` text NOT NULL,
	`order_number` text NOT NULL,
	`currency` text NOT NULL,
	`term_type` text NOT NULL,
	`contract_effective_date` text NOT NULL,
	`service_activation_date` text,
	`customer_acceptance_date` text,
	`subscription_start_date` text NOT NULL,
	`subscription_end_date` text,
	`term_start_date` text NOT NULL,
	`term_end_date` text,
	`initial_term` integer,
	`initial_term_period_type` text,
	`current_term` integer,
	`current_term_period_type` text,
	`renewal_term` integer,
	`renewal_term_period_type` text,
	`renewal_setting` text NOT NULL,
	`auto_renew` integer NOT NULL,
	`contracted_mrr` text NOT NULL,
	`total_contracted_value` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `subscription_number_version` ON `subscription` (`subscription_number`,`version`);--> statement-breakpoint
CREATE INDEX `subscription_owner` ON `subscription` (`account_id`,`is_latest_version`,`id`);--> statement-breakpoint
CREATE INDEX `subscription_invoice_owner` ON `subscription` (`invoice_owner_account_id`,`is_latest_version`,`id`);