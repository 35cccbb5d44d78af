// Reads cases from standard input, and writes those that the simulator decides otherwise, then how many it decided.
import { createInterface } from 'node:readline'
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

const named = (documents) => documents.map((policy, number) => ({ name: `policy ${number}`, policy }))

const counts = { allowed: 0, denied: 0, contradictions: 0 }
let told = {}
for await (const line of createInterface({ input: process.stdin })) {
  const it = JSON.parse(line)
  if (!it.expected) {
    told = it
    continue
  }
  const answer = runUnsafeSimulation(
    {
      identityPolicies: named(it.identity),
      permissionBoundaryPolicies: it.boundary ? named([it.boundary]) : undefined,
      serviceControlPolicies: it.over.map((policies, number) => ({
        orgIdentifier: `level ${number}`,
        policies: named(policies)
      })),
      resourceControlPolicies: [],
      request: {
        action: it.action,
        principal: it.principal,
        resource: { resource: it.resource, accountId: '111122223333' },
        contextVariables: it.context
      }
    },
    {}
  ).result
  counts[it.expected] += 1
  if ((answer === 'Allowed') !== (it.expected === 'allowed')) {
    counts.contradictions += 1
    console.log(JSON.stringify({ ...it, answer }))
  }
}
console.log(JSON.stringify({ ...told, ...counts }))
