CREATE TABLE `scheduled_claim` (
	`account_id` text PRIMARY KEY NOT NULL,
	`until` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `async_job` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`job_type` text NOT NULL,
	`command_kind` text NOT NULL,
	`payload` text NOT NULL,
	`lane_id` text NOT NULL,
	`status` text NOT NULL,
	`result` text NOT NULL,
	`refusal` text NOT NULL,
	`resource_code` text NOT NULL,
	`request_id` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`finished_at` text
);
--> statement-breakpoint
CREATE INDEX `async_job_processing` ON `async_job` (`created_at`) WHERE status = 'Processing';--> statement-breakpoint
CREATE INDEX `async_job_finished` ON `async_job` (`finished_at`) WHERE finished_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `order_delta` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`order_id` text NOT NULL,
	`order_action_id` text NOT NULL,
	`subscription_original_id` text NOT NULL,
	`version` integer NOT NULL,
	`sequence` integer NOT NULL,
	`action_type` text NOT NULL,
	`charge_number` text NOT NULL,
	`charge_id` text NOT NULL,
	`product_rate_plan_charge_id` text NOT NULL,
	`currency` text NOT NULL,
	`start_date` text NOT NULL,
	`end_date` text,
	`delta_mrr` text NOT NULL,
	`delta_tcv` text,
	`delta_quantity` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `order_delta_order` ON `order_delta` (`order_id`);--> statement-breakpoint
CREATE INDEX `order_delta_subscription` ON `order_delta` (`subscription_original_id`,`version`);--> statement-breakpoint
CREATE TABLE `order_line_item` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`order_id` text NOT NULL,
	`item_key` text NOT NULL,
	`line` integer NOT NULL,
	`item_number` text NOT NULL,
	`item_name` text NOT NULL,
	`item_state` text NOT NULL,
	`item_type` text NOT NULL,
	`item_category` text NOT NULL,
	`currency` text NOT NULL,
	`owner_account_id` text NOT NULL,
	`invoice_owner_account_id` text NOT NULL,
	`quantity` text NOT NULL,
	`amount_per_unit` text NOT NULL,
	`list_price_per_unit` text,
	`inline_discount_type` text,
	`inline_discount_per_unit` text,
	`amount_minor` integer NOT NULL,
	`transaction_start_date` text NOT NULL,
	`transaction_end_date` text,
	`bill_target_date` text,
	`product_rate_plan_charge_id` text,
	`related_subscription_number` text,
	`original_order_line_item_id` text,
	`details` text NOT NULL,
	`custom_fields` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `order_line_item_key` ON `order_line_item` (`item_key`);--> statement-breakpoint
CREATE INDEX `order_line_item_order` ON `order_line_item` (`order_id`,`line`);--> statement-breakpoint
CREATE INDEX `order_line_item_to_bill` ON `order_line_item` (`invoice_owner_account_id`,`bill_target_date`) WHERE item_state = 'SentToBilling';--> statement-breakpoint
DROP INDEX `charge_number`;--> statement-breakpoint
DROP INDEX `charge_subscription`;--> statement-breakpoint
ALTER TABLE `charge` ADD `is_last_segment` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `charge` ADD `is_suspended` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `charge` ADD `is_removed` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `charge` ADD `tiers` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `charge` ADD `included_units` text;--> statement-breakpoint
ALTER TABLE `charge` ADD `overage_price` text;--> statement-breakpoint
ALTER TABLE `charge` ADD `discount_amount` text;--> statement-breakpoint
ALTER TABLE `charge` ADD `discount_percentage` text;--> statement-breakpoint
ALTER TABLE `charge` ADD `apply_discount_to` text;--> statement-breakpoint
ALTER TABLE `charge` ADD `discount_level` text;--> statement-breakpoint
ALTER TABLE `charge` ADD `discount_class` text;--> statement-breakpoint
ALTER TABLE `charge` ADD `agreed_end_date` text;--> statement-breakpoint
CREATE INDEX `charge_removed` ON `charge` (`subscription_original_id`,`removed_in_version`) WHERE removed_in_version IS NOT NULL;--> statement-breakpoint
CREATE INDEX `charge_last` ON `charge` (`subscription_original_id`,coalesce(`effective_end_date`, '9999')) WHERE removed_in_version IS NULL AND is_last_segment = 1;--> statement-breakpoint
CREATE INDEX `charge_live` ON `charge` (`charge_number`,`segment`) WHERE removed_in_version IS NULL;--> statement-breakpoint
CREATE INDEX `charge_subscription` ON `charge` (`subscription_original_id`,`added_in_version`);--> statement-breakpoint
DROP INDEX `order_subscription_number`;--> statement-breakpoint
ALTER TABLE `order_subscription` ADD `rate_plans_before` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX `order_subscription_number` ON `order_subscription` (`subscription_number`,`order_id`);--> statement-breakpoint
DROP INDEX `rate_plan_subscription`;--> statement-breakpoint
ALTER TABLE `rate_plan` ADD `ended_in_version` integer;--> statement-breakpoint
ALTER TABLE `rate_plan` ADD `end_date` text;--> statement-breakpoint
CREATE INDEX `rate_plan_subscription` ON `rate_plan` (`subscription_original_id`,coalesce(`end_date`, '9999'));--> statement-breakpoint
ALTER TABLE `order_action` ADD `spec` text;--> statement-breakpoint
ALTER TABLE `order_action` ADD `waiting` text;--> statement-breakpoint
ALTER TABLE `orders` ADD `scheduled_date` text;--> statement-breakpoint
CREATE INDEX `orders_scheduled` ON `orders` (`scheduled_date`,`account_id`,`id`) WHERE status = 'Scheduled';--> statement-breakpoint
ALTER TABLE `subscription` ADD `suspended_on` text;--> statement-breakpoint
ALTER TABLE `subscription` ADD `scheduled_retry_on` text;--> statement-breakpoint
ALTER TABLE `subscription` ADD `scheduled_failure` text;--> statement-breakpoint
ALTER TABLE `subscription` ADD `known_contracted_value` text DEFAULT '0' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `subscription_latest` ON `subscription` (`subscription_number`) WHERE is_latest_version = 1;--> statement-breakpoint
CREATE INDEX `subscription_scheduled` ON `subscription` (CASE WHEN scheduled_retry_on > term_end_date THEN scheduled_retry_on ELSE term_end_date END,`invoice_owner_account_id`,`id`) WHERE is_latest_version = 1 AND status = 'Active' AND term_type = 'TERMED';--> statement-breakpoint
CREATE INDEX `subscription_scheduled_failure` ON `subscription` (`scheduled_retry_on`,`id`) WHERE scheduled_retry_on IS NOT NULL AND is_latest_version = 1;--> statement-breakpoint
UPDATE `subscription` SET `known_contracted_value` = coalesce(`total_contracted_value`, '0');
