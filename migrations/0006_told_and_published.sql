CREATE TABLE `job_notice` (
	`job_id` text PRIMARY KEY NOT NULL,
	`url` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `job_notice_due` ON `job_notice` (`due_at`);--> statement-breakpoint
ALTER TABLE `metrics_state` ADD `published_at` text;--> statement-breakpoint
UPDATE `metrics_state` SET `published_at` = strftime('%Y-%m-%dT%H:%M:%fZ', 'now');--> statement-breakpoint
DROP TRIGGER IF EXISTS metrics_state_before_update;--> statement-breakpoint
CREATE TRIGGER metrics_state_before_update BEFORE UPDATE ON metrics_state WHEN OLD.rowid <= (SELECT last_row_id FROM snapshot_table WHERE table_name = 'metrics_state' ORDER BY snapshot_id DESC LIMIT 1) BEGIN INSERT INTO row_before (table_name, row_id, snapshot_id, row) SELECT 'metrics_state', OLD.rowid, s.snapshot_id, json_array(json_object('account_id', OLD.account_id, 'watermark', OLD.watermark, 'last_metrics_update', OLD.last_metrics_update, 'flagged_at', OLD.flagged_at, 'published_at', OLD.published_at)) FROM (SELECT snapshot_id FROM snapshot_table WHERE table_name = 'metrics_state' ORDER BY snapshot_id DESC LIMIT 1) AS s WHERE NOT EXISTS (SELECT 1 FROM row_before AS b WHERE b.table_name = 'metrics_state' AND b.row_id = OLD.rowid AND b.snapshot_id >= s.snapshot_id); END;--> statement-breakpoint
DROP TRIGGER IF EXISTS metrics_state_before_delete;--> statement-breakpoint
CREATE TRIGGER metrics_state_before_delete BEFORE DELETE ON metrics_state WHEN OLD.rowid <= (SELECT last_row_id FROM snapshot_table WHERE table_name = 'metrics_state' ORDER BY snapshot_id DESC LIMIT 1) BEGIN INSERT INTO row_before (table_name, row_id, snapshot_id, row) SELECT 'metrics_state', OLD.rowid, s.snapshot_id, json_array(json_object('account_id', OLD.account_id, 'watermark', OLD.watermark, 'last_metrics_update', OLD.last_metrics_update, 'flagged_at', OLD.flagged_at, 'published_at', OLD.published_at)) FROM (SELECT snapshot_id FROM snapshot_table WHERE table_name = 'metrics_state' ORDER BY snapshot_id DESC LIMIT 1) AS s WHERE NOT EXISTS (SELECT 1 FROM row_before AS b WHERE b.table_name = 'metrics_state' AND b.row_id = OLD.rowid AND b.snapshot_id >= s.snapshot_id); END;
