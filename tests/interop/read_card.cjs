// Reads a message for Teams with the library of adaptive cards, and tells what that has against its card, and what it shows.
const { readFileSync } = require("node:fs");
const cards = require("adaptivecards");

const [attachment] = JSON.parse(readFileSync(process.argv[2], "utf-8")).attachments;
const context = new cards.SerializationContext(cards.Versions.v1_4);
const card = new cards.AdaptiveCard();
card.parse(attachment.content, context);

const against = card.validateProperties().validationEvents.map((it) => it.message);
for (let index = 0; index < context.eventCount; index++) {
    against.push(context.getEventAt(index).message);
}
if (attachment.contentType !== "application/vnd.microsoft.card.adaptive") {
    against.push(`a content type of ${attachment.contentType}`);
}
const texts = [];
for (let index = 0; index < card.getItemCount(); index++) {
    const item = card.getItemAt(index);
    if (item instanceof cards.TextBlock) {
        texts.push(item.text);
    }
}
const actions = [];
for (let index = 0; index < card.getActionCount(); index++) {
    actions.push(card.getActionAt(index).url);
}
console.log(JSON.stringify({ against, texts, actions }));
