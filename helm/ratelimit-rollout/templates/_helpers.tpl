{{/* Names are fixed: sidecars, certificates and admission policies refer to them. */}}
{{- define "sluice.name" -}}sluice-operator{{- end }}

{{- define "sluice.selectorLabels" -}}
app.kubernetes.io/name: sluice
app.kubernetes.io/component: operator
{{- end }}

{{- define "sluice.labels" -}}
{{ include "sluice.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "sluice.user" -}}
system:serviceaccount:{{ .Release.Namespace }}:{{ include "sluice.name" . }}
{{- end }}

{{- define "sluice.operatorImage" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "sluice.sidecarImage" -}}
{{ .Values.sidecar.image.repository }}:{{ .Values.sidecar.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* What the operator does in namespaces with rollouts: cluster-wide, or namespace by namespace with watchNamespaces. */}}
{{- define "sluice.rolloutRules" -}}
# Reads rollouts; patches the finalizer.
- apiGroups: [sluice.dev]
  resources: [ratelimitrollouts]
  verbs: [get, list, watch, patch, update]
# Commits decisions, with a resourceVersion precondition.
- apiGroups: [sluice.dev]
  resources: [ratelimitrollouts/status]
  verbs: [get, patch, update]
# Lets the bootstrap ConfigMap name its rollout as an owner that waits for it.
- apiGroups: [sluice.dev]
  resources: [ratelimitrollouts/finalizers]
  verbs: [update]
# Finds targets and labels their pod template; an admission policy holds it to that label.
- apiGroups: [apps]
  resources: [deployments, statefulsets]
  verbs: [get, list, watch, patch]
# Counts the pods that have their sidecar, and tells whose stream is calling.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
# Tells whether the Services in front of a target name its port, which the sidecar can take over, or number it.
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch]
# Keeps the bootstrap ConfigMap <rollout>-limiter; an admission policy holds it to names of that form.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create, patch, update, delete]
# Tells the story of a rollout.
- apiGroups: ["", events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}
